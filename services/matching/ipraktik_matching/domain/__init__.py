"""The rules of a placement as plain functions and frozen values: no I/O, no clock, no framework."""
