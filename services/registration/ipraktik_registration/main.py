"""The composition root: what the service is called, where its migrations lie, which rooms it has."""

from pathlib import Path

from ipraktik_chassis.service import Service
from ipraktik_registration.settings import RegistrationSettings

SERVICE = Service(
    name="registration",
    version="0.1.0",
    settings=RegistrationSettings,
    migrations=Path(__file__).parent / "migrations",
    web="ipraktik_registration.web.app:create",
    work="ipraktik_registration.work:compose",
)
