"""What registration needs beyond what every service has. Deadlines are rules (`domain/life.py`) or the edition's."""

from pydantic import Field

from ipraktik_chassis.drawing import MapSettings


class RegistrationSettings(MapSettings):
    """The environment of registration."""

    accessibility_statement_url: str | None = Field(
        default=None,
        max_length=500,
        pattern=r"^https://[^\s\"<>]+$",
        description="The organiser's accessibility statement at the authority's site; /registration/was leads there.",
    )
