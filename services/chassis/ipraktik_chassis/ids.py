"""Ids: UUIDv7, so that rows and events that come together lie together in an index. Never reused, never guessed from data."""

import os
from datetime import datetime
from uuid import UUID, uuid5

_NAMESPACE = UUID("5f0a9f5e-6a53-5c6e-9d55-2a3f2f0c7a11")
_AT_ONCE = 100
_RANDOM_BYTES = 10
_chances: list[int] = []
"""Random numbers not yet used, each taken by one `pop`. The system is asked for many at once: every asking is a trip into the kernel."""

os.register_at_fork(after_in_child=_chances.clear)


def new_id(now: datetime) -> UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits."""
    milliseconds = int(now.timestamp() * 1000) & 0xFFFF_FFFF_FFFF
    chance = _chance()
    bits = milliseconds << 80 | 0x7 << 76 | (chance >> 62 & 0xFFF) << 64 | 0b10 << 62 | chance & (1 << 62) - 1
    return UUID(int=bits)


def derived_id(*parts: object) -> UUID:
    """The same UUIDv5 for the same parts: for facts that must exist once however often they are worked out."""
    return uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts))


def _chance() -> int:
    try:
        return _chances.pop()
    except IndexError:
        drawn = os.urandom(_AT_ONCE * _RANDOM_BYTES)
        numbers = [
            int.from_bytes(drawn[at : at + _RANDOM_BYTES]) for at in range(0, len(drawn), _RANDOM_BYTES)
        ]
        _chances.extend(numbers[1:])
        return numbers[0]
