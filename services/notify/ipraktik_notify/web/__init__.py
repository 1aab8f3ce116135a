"""HTTP side of notify: the feed and the webhooks for agencies, their tokens and the mail log for coordinators."""
