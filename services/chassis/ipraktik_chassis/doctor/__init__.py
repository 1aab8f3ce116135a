"""`doctor`: looks at a deployment from inside one service's container and says, a line each, what is well, what is not, and what to do.

It changes nothing anywhere, needs only the service's own logins, and prints neither a secret nor anything about a person: its
lines hold names of settings, roles, tables, topics and groups, and counts and ages.
"""
