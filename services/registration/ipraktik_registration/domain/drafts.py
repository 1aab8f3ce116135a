"""A sign-up that somebody has begun and not sent yet. Pure decisions.

Invariants: whoever holds the key may go on, nobody else; a draft is forgotten a while after it was last touched; one that has
been sent holds no answers any more, only which sign-ups it became.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from ipraktik_registration.domain.life import Role

Part = Literal["intern", "host", "both"]
"""What somebody wants to sign up as; both is two sign-ups that share a person and a workplace."""
Answers = Mapping[str, Mapping[str, Any]]
"""What was answered, by page and field."""

KEPT: Final = timedelta(days=14)
"""How long a draft is kept after it was last touched."""
KEY_BYTES: Final = 16
MOST_SAVES: Final = 5
"""How many mails with a link back one draft may lead to."""
SAVE_PAUSE: Final = timedelta(minutes=10)
"""Within this time the same address is not mailed again."""

ROLES: Final[Mapping[Part, tuple[Role, ...]]] = {
    "intern": ("intern",),
    "host": ("host",),
    "both": ("intern", "host"),
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands."""

    participant_id: UUID
    contact_id: UUID
    part: Part
    edition_id: UUID
    host_id: UUID | None
    answers: Answers
    touched_at: datetime
    saved_to: str | None = None
    saved_at: datetime | None = None
    saves: int = 0
    epoch: int = 1
    sent_at: datetime | None = None
    sign_ups: tuple[UUID, ...] = ()

    @property
    def roles(self) -> tuple[Role, ...]:
        """The sign-ups it will become."""
        return ROLES[self.part]

    @property
    def taken(self) -> tuple[Role, ...]:
        """Of one that is sent: what it was taken in as. Roles are sent in their order, and the first that is refused ends it."""
        return self.roles[: len(self.sign_ups)]

    @property
    def refused(self) -> tuple[Role, ...]:
        """Of one that is sent: what it was not taken in as, because the window closed on the way."""
        return self.roles[len(self.sign_ups) :]

    @property
    def kept_until(self) -> datetime:
        """When it is forgotten, unless somebody touches it."""
        return self.touched_at + KEPT

    def may_be_mailed(self, *, email: str, now: datetime) -> bool:
        """Whether another mail goes out: not to the same address within the pause, and not without end."""
        if self.saves >= MOST_SAVES:
            return False
        return self.saved_at is None or self.saved_to != email or now - self.saved_at >= SAVE_PAUSE


def draft_key(chance: bytes) -> str:
    """A key from random bytes, as it stands in addresses: 22 characters. Raises ValueError for too few bytes."""
    if len(chance) < KEY_BYTES:
        raise ValueError(f"a key needs {KEY_BYTES} random bytes")
    return base64.urlsafe_b64encode(chance[:KEY_BYTES]).decode().rstrip("=")


def key_hash(key: str) -> bytes:
    """What is kept of a key. It is random, so nobody can find it by trying, and needs no salt."""
    return hashlib.sha256(key.encode()).digest()
