"""The composition root: what notify declares about itself."""

from pathlib import Path

from ipraktik_chassis.service import Service
from ipraktik_notify.agency_token import agency_token
from ipraktik_notify.mint_coordinator import mint_coordinator
from ipraktik_notify.settings import NotifySettings

SERVICE = Service(
    name="notify",
    version="0.1.0",
    settings=NotifySettings,
    migrations=Path(__file__).parent / "migrations",
    web="ipraktik_notify.web.app:create",
    work="ipraktik_notify.work:compose",
    examinations="ipraktik_notify.examinations:EXAMINATIONS",
    commands={"mint-coordinator": mint_coordinator, "agency-token": agency_token},
)
