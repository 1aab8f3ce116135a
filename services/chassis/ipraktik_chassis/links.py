"""Links instead of passwords: a signed token says who the person is, what it opens, until when, and under which epoch.

Only notify holds the signing key; every service verifies with the public key and the person's epoch from its own contacts
table. The token libraries' own clocks are off: expiry is checked against the programme's clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from jwt.types import Options

ALGORITHM: Final = "EdDSA"
MAX_TOKEN_CHARS: Final = 4096
_AUDIENCE: Final = "innovationspraktik"
_CHECKS_OFF: Final[Options] = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "require": ["exp", "sub", "aud"],
}


class LinkRefused(Exception):
    """The link does not open anything. `reason` is invalid, expired, revoked or not_allowed."""

    def __init__(self, reason: Literal["invalid", "expired", "revoked", "not_allowed"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says: one contact of one sign-up, the acts it opens on which aggregates, expiry, epoch."""

    contact_id: UUID
    participant_id: UUID
    acts: tuple[str, ...]
    aggregates: tuple[UUID, ...]
    expires_at: datetime
    epoch: int = 1

    def opens(self, act: str, aggregate: UUID) -> bool:
        """Whether this link may do that to that."""
        return act in self.acts and aggregate in self.aggregates


@dataclass(frozen=True, slots=True)
class Coordinator:
    """A signed-in coordinator; `name` is what histories show."""

    name: str
    expires_at: datetime


class LinkMinter:
    """Signs tokens. Lives in notify alone."""

    def __init__(self, private_key_pem: bytes) -> None:
        key = load_pem_private_key(private_key_pem, None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(  # noqa: TRY004 - what the operator gave is a wrong value
                "LINK_PRIVATE_KEY_FILE holds a key of another kind; links are signed with Ed25519"
            )
        self._key = key

    def link(self, link: Link) -> str:
        """The token for a person's link."""
        return jwt.encode(
            {
                "aud": _AUDIENCE,
                "sub": str(link.contact_id),
                "pid": str(link.participant_id),
                "acts": list(link.acts),
                "agg": [str(aggregate) for aggregate in link.aggregates],
                "exp": int(link.expires_at.timestamp()),
                "epo": link.epoch,
            },
            self._key,
            algorithm=ALGORITHM,
        )

    def coordinator(self, coordinator: Coordinator) -> str:
        """The token of a coordinator."""
        return jwt.encode(
            {
                "aud": _AUDIENCE,
                "sub": coordinator.name,
                "role": "coordinator",
                "exp": int(coordinator.expires_at.timestamp()),
            },
            self._key,
            algorithm=ALGORITHM,
        )


class LinkVerifier:
    """Reads tokens. Raises LinkRefused where one does not hold, and ValueError at once for a key that could check none."""

    def __init__(self, public_key_pem: bytes) -> None:
        try:
            key = load_pem_public_key(public_key_pem)
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError(  # noqa: TRY004 - the same for a file that holds no key at all
                "this is no Ed25519 public key in PEM; give the one that belongs to notify's"
            )
        self._key = key

    def link(self, token: str, *, now: datetime) -> Link:
        """The link a token stands for. The epoch is the caller's to check."""
        claims = self._claims(token, now=now)
        try:
            return Link(
                contact_id=UUID(claims["sub"]),
                participant_id=UUID(claims["pid"]),
                acts=_texts(claims["acts"]),
                aggregates=tuple(UUID(text) for text in _texts(claims["agg"])),
                expires_at=datetime.fromtimestamp(claims["exp"], UTC),
                epoch=int(claims["epo"]),
            )
        except (KeyError, ValueError, TypeError):
            raise LinkRefused("invalid") from None

    def coordinator(self, token: str, *, now: datetime) -> Coordinator:
        """The coordinator a token stands for."""
        claims = self._claims(token, now=now)
        if claims.get("role") != "coordinator":
            raise LinkRefused("not_allowed")
        return Coordinator(name=str(claims["sub"]), expires_at=datetime.fromtimestamp(claims["exp"], UTC))

    def is_coordinators(self, token: str) -> bool:
        """Whether a token of ours, run out or not, is a coordinator's."""
        return self._signed(token).get("role") == "coordinator"

    def _signed(self, token: str) -> dict[str, Any]:
        if len(token) > MAX_TOKEN_CHARS:
            raise LinkRefused("invalid")
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._key, algorithms=[ALGORITHM], audience=_AUDIENCE, options=_CHECKS_OFF
            )
        except (jwt.PyJWTError, ValueError):
            raise LinkRefused("invalid") from None
        return claims

    def _claims(self, token: str, *, now: datetime) -> dict[str, Any]:
        claims = self._signed(token)
        expiry = claims["exp"]
        if not isinstance(expiry, int) or isinstance(expiry, bool):
            raise LinkRefused("invalid")
        try:
            expired = now >= datetime.fromtimestamp(expiry, UTC)
        except (ValueError, OverflowError, OSError):
            raise LinkRefused("invalid") from None
        if expired:
            raise LinkRefused("expired")
        return claims


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ValueError("a list of texts is expected")  # noqa: TRY004 - it is what the caller catches
    return tuple(str(part) for part in value)
