"""What every event has in common: it is frozen, it names its own key, and it says who may read it.

Producers build events from the closed view (an unknown field is an error); readers decode with the open view (an unknown
field is ignored), so that a field added tomorrow breaks nobody.
"""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

MAJOR = 1
TYPE_PREFIX = "dk.innovationspraktik"
SCHEMA_PREFIX = "https://innovationspraktik.dk/schemas"


class Event(BaseModel):
    """A fact that other services and agencies may build upon. No personal data: ids and facts of organisations only."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    TOPIC: ClassVar[str]
    KEY: ClassVar[str]
    OWNER: ClassVar[str]
    AUDIENCE: ClassVar[Literal["public", "internal"]] = "public"

    @property
    def key(self) -> str:
        """The aggregate's id, in lower case: record key, `ce_subject` and `ce_partitionkey`."""
        return str(getattr(self, self.KEY))

    @classmethod
    def ce_type(cls) -> str:
        """The CloudEvents type, with the major version."""
        return f"{TYPE_PREFIX}.{cls.__name__}.v{MAJOR}"

    @classmethod
    def schema_id(cls) -> str:
        """Stable address of the JSON Schema that the body follows."""
        return f"{SCHEMA_PREFIX}/{cls.__name__}.v{MAJOR}.json"


class InternalEvent(Event):
    """A record between our own services, never granted to anybody else."""

    AUDIENCE: ClassVar[Literal["public", "internal"]] = "internal"
