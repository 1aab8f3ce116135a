"""What happens to a sign-up, and who does it: codes only, and a coordinator's name. Nothing here is a participant's own text."""

from dataclasses import dataclass
from typing import Final, Literal

Act = Literal[
    "registered_on_behalf",
    "imported",
    "confirmed",
    "consented",
    "refused",
    "changed",
    "address_changed",
    "deputy_named",
    "asked_again",
    "naming_agreed",
    "naming_declined",
    "withdrawn",
    "expired",
    "forgotten",
    "erased",
]
ActorKind = Literal["person", "manager", "coordinator", "clock"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Only a coordinator is named."""

    kind: ActorKind
    name: str | None = None

    def __post_init__(self) -> None:
        if (self.kind == "coordinator") is (self.name is None):
            raise ValueError("a coordinator acts under a name, and nobody else does")


PERSON: Final = Actor("person")
MANAGER: Final = Actor("manager")
CLOCK: Final = Actor("clock")


def coordinator(name: str) -> Actor:
    """A coordinator, by the name of the sign-in."""
    return Actor("coordinator", name)
