"""Ids: UUIDv7, so that rows and events that come together lie together in an index. Never reused, never guessed from data."""

import secrets
from datetime import datetime
from uuid import UUID, uuid5

_NAMESPACE = UUID("5f0a9f5e-6a53-5c6e-9d55-2a3f2f0c7a11")


def new_id(now: datetime) -> UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
    bits = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=bits)


def derived_id(*parts: object) -> UUID:
    """The same UUIDv5 for the same parts: for facts that must exist once however often they are worked out."""
    return uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts))
