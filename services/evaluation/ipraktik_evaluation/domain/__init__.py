"""Rules of evaluation as plain functions and frozen dataclasses: no I/O, no clock, no framework."""
