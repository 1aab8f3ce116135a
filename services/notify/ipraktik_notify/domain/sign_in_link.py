"""A coordinator's session in two halves: one stands in the mail's link, the other is kept until the link is used.

Invariant: one half is nothing but chance. Who reads the mail later, or the table, has no session; only both together are one, and
whoever puts them together takes the kept one away. The session is signed where the mail is written, so the process that puts the
halves together needs no key.
"""

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Halves:
    """`mailed` goes into the link; `kept` is found again by `digest_of(mailed)`."""

    mailed: str
    kept: bytes


def halves_of(session: str) -> Halves:
    """Split a session. Each time otherwise."""
    text = session.encode()
    kept = secrets.token_bytes(len(text))
    return Halves(urlsafe_b64encode(_mixed(text, kept)).decode().rstrip("="), kept)


def digest_of(mailed: str) -> bytes:
    """By what the kept half is found. The mailed one is as long and as random as a key, so a plain SHA-256 hides it well."""
    return hashlib.sha256(mailed.encode(errors="replace")).digest()


def whole(mailed: str, kept: bytes) -> str:
    """The session. The kept half must have been found by the mailed one."""
    return _mixed(urlsafe_b64decode(mailed + "=" * (-len(mailed) % 4)), kept).decode()


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
