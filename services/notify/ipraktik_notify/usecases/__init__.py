"""What notify does: a file per use case. Handlers store what has come and plan its mails; jobs sort, remind and send."""
