"""Matching's settings: those of every service."""

from ipraktik_chassis.settings import Settings


class MatchingSettings(Settings):
    """Nothing beyond what every service needs."""
