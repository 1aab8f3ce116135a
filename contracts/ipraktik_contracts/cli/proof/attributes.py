"""What is wrong with a record's envelope, attribute by attribute. Only records that are not plainly right come here.

Stricter than `decode`, which a subscriber uses: a producer of ours writes every attribute, in its one canonical form.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from ...events.event import SCHEMA_PREFIX
from ...registry import split_type
from ..records import Taken

Breach = tuple[str, str]
"""A rule of the proof and a sentence."""

DIGITS_AT_MOST: Final = 18
_NEEDED: Final = (
    "ce_specversion",
    "ce_id",
    "ce_type",
    "ce_source",
    "ce_subject",
    "ce_partitionkey",
    "ce_time",
    "ce_sequence",
    "ce_dataschema",
    "content-type",
)
UUID_TEXT: Final = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SOURCE: Final = re.compile(rb"urn:innovationspraktik:[a-z0-9_-]+:[a-z]+")
_INSTANT: Final = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)")


def read_attributes(record: Taken) -> dict[str, bytes]:
    """The headers that are the contract's business and have a value; the first of two of the same name."""
    found: dict[str, bytes] = {}
    for name, raw in record.headers:
        if isinstance(raw, bytes) and _ours(name):
            found.setdefault(name, raw)
    return found


def envelope_breaches(record: Taken, attributes: dict[str, bytes]) -> Iterator[Breach]:
    """Every rule about envelope and key that the record breaks, once each."""
    yield from _headers(record)
    for name in _NEEDED:
        if name not in attributes and not any(other == name for other, _ in record.headers):
            yield "envelope", f"header {name} is missing"
    for name, said in _FORMS.items():
        raw = attributes.get(name)
        if raw is not None and not _WELL_FORMED[name](raw):
            yield "envelope", f"{name} {said}"
    schema, ce_type = attributes.get("ce_dataschema"), attributes.get("ce_type")
    if schema is not None and ce_type is not None and not _schema_fits(schema, ce_type):
        yield "envelope", "ce_dataschema is not the address of this type's schema"
    yield from _key(record, attributes)


def _headers(record: Taken) -> Iterator[Breach]:
    names: set[str] = set()
    for name, raw in record.headers:
        if not _ours(name):
            continue
        if name in names:
            yield "envelope", f"header {name} is there twice"
        names.add(name)
        if raw is None:
            yield "envelope", f"header {name} is null"
        elif not _is_text(raw):
            yield "envelope", f"header {name} is not UTF-8"


def _key(record: Taken, attributes: dict[str, bytes]) -> Iterator[Breach]:
    if record.key is None:
        yield "key", "the record has no key"
        return
    for name in ("ce_subject", "ce_partitionkey"):
        raw = attributes.get(name)
        if raw is not None and raw != record.key:
            yield "key", f"{name} is not the record's key"
    if UUID_TEXT.fullmatch(record.key) is None:
        yield "key", "the record's key is not a UUID in lower case"


def _ours(name: str) -> bool:
    return name.startswith("ce_") or name in ("traceparent", "content-type")


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_instant(raw: bytes) -> bool:
    if _INSTANT.fullmatch(raw) is None:
        return False
    try:
        datetime.fromisoformat(raw.decode())
    except ValueError:
        return False
    return True


def is_sequence(raw: bytes) -> bool:
    """A number from 1, filled up with zeros to ten digits."""
    return raw.isdigit() and len(raw) <= DIGITS_AT_MOST and int(raw) > 0 and raw == b"%010d" % int(raw)


def _schema_fits(schema: bytes, ce_type: bytes) -> bool:
    ours = split_type(ce_type.decode("utf-8", "replace"))
    if ours is None:
        return True  # somebody else's type: its schema is their business
    return schema.startswith(f"{SCHEMA_PREFIX}/{ours[0]}.v{ours[1]}.".encode())


_FORMS: Final = {
    "ce_specversion": "is not 1.0",
    "ce_id": "is not a UUID in lower case",
    "ce_source": "is not urn:innovationspraktik:<organiser>:<service>",
    "ce_time": "is not an RFC 3339 instant in UTC",
    "ce_sequence": "is not ten digits from 0000000001",
    "content-type": "is not application/json",
}
_WELL_FORMED: Final[dict[str, Callable[[bytes], bool]]] = {
    "ce_specversion": lambda raw: raw == b"1.0",
    "ce_id": lambda raw: UUID_TEXT.fullmatch(raw) is not None,
    "ce_source": lambda raw: SOURCE.fullmatch(raw) is not None,
    "ce_time": _is_instant,
    "ce_sequence": is_sequence,
    "content-type": lambda raw: raw == b"application/json",
}
