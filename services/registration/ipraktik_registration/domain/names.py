"""When two ways of writing mean the same: addresses, organisations, units. And the short reference people quote."""

from typing import Final

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_BYTES: Final = 6


def email_key(email: str) -> str:
    """The address as it is compared: case does not count."""
    return email.strip().casefold()


def folded(name: str) -> str:
    """A name as it is compared: neither case nor the number of spaces counts."""
    return " ".join(name.split()).casefold()


def reference(chance: bytes) -> str:
    """A reference such as IP-7KQ4M2, from random bytes. No letter in it can be taken for a digit.

    Raises ValueError for too few bytes.
    """
    if len(chance) < REFERENCE_BYTES:
        raise ValueError(f"a reference needs {REFERENCE_BYTES} random bytes")
    return "IP-" + "".join(_CROCKFORD[byte & 31] for byte in chance[:REFERENCE_BYTES])
