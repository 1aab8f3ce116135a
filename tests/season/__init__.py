"""Whole seasons on a stack of their own: what holds when nothing dies, when processes die, and behind logins."""
