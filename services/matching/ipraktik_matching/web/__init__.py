"""Matching on the web: JSON routes and plain pages over the same use cases."""
