"""Coordinators' pages about mails: what was sent, what is held, who is reminded, and the templates."""
