"""HTTP side of notify: the mail log for coordinators."""
