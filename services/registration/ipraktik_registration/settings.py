"""Registration needs no settings beyond what every service has; deadlines are rules (`domain/life.py`) or the edition's."""

from ipraktik_chassis.settings import Settings


class RegistrationSettings(Settings):
    """The environment of registration."""
