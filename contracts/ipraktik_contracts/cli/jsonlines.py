"""A record as one line of JSON, CloudEvents 1.0 in structured mode, and back.

`data` is the body byte for byte as it lay on the topic. Where the record lay stands in the extensions `kafkatopic` (without
namespace), `kafkapartition` and `kafkaoffset`; a line without them, as from the HTTP feed, is read too. A record that is no event in
binary mode (a header missing or not text, a body that is not one line of JSON) is kept whole as a raw line, so that nothing is
skipped and a proof of the file finds what a proof of the topic finds:

    {"kafkatopic": ..., "kafkapartition": 3, "kafkaoffset": "17", "raw": {"key": base64 | null, "value": base64 | null,
     "headers": [[name, base64 | null], ...]}}
"""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

from ..envelope import MAX_BODY_BYTES
from ..registry import BY_TYPE
from .records import RawRecord, Taken
from .refusal import CannotDo

MAX_LINE_BYTES: Final = 1024 * 1024
"""A topic takes record batches of up to 1 MiB; what is longer is no line of ours."""
_HEADER_OF: Final = {"datacontenttype": "content-type", "traceparent": "traceparent"}
_ATTRIBUTE_OF: Final = {header: attribute for attribute, header in _HEADER_OF.items()}
_PLACE: Final = frozenset({"kafkatopic", "kafkapartition", "kafkaoffset"})
_NEEDED: Final = frozenset({"specversion", "id", "type", "source", "subject"})


def is_raw(line: bytes) -> bool:
    """Whether a line of ours holds a record that is no CloudEvent."""
    return line.startswith(
        b'{"kafkatopic"'
    )  # other lines begin with the attributes, and the place comes last


def line_of(record: Taken, *, namespace: str = "") -> bytes:
    """The record's line, without the line feed."""
    place = {
        "kafkatopic": record.topic.removeprefix(namespace),
        "kafkapartition": record.partition,
        "kafkaoffset": str(record.offset),  # a string: CloudEvents' integers have 32 bits
    }
    attributes = _attributes(record)
    if attributes is None:
        raw = {
            "key": _base64(record.key),
            "value": _base64(record.value),
            "headers": [[name, _base64(value)] for name, value in record.headers],
        }
        return _dumped(place | {"raw": raw})
    return _dumped(attributes | place)[:-1] + b', "data": ' + record.value + b"}"  # type: ignore[no-any-return]  # bytes, seen above


def record_of(line: bytes, *, number: int, namespace: str = "") -> RawRecord:
    """The record that a line stands for. `number` counts lines from 1. Raises CannotDo where it is none."""
    if len(line) > MAX_LINE_BYTES:
        raise CannotDo(f"line {number} has more than {MAX_LINE_BYTES} bytes; it is no event")
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        raise CannotDo(f"line {number} is not JSON; the file wants one CloudEvent a line") from None
    if not isinstance(read, dict):
        raise CannotDo(f"line {number} is not a JSON object; the file wants one CloudEvent a line")
    try:
        return _raw(read, number, namespace) if "raw" in read else _event(read, number, namespace)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        raise CannotDo(
            f"line {number} is no CloudEvent in structured mode and no raw line of `replay`"
        ) from None


def records_in(file: BinaryIO, *, namespace: str = "") -> Iterator[RawRecord]:
    """Every record of a file, line by line, so that its size does not matter. Empty lines are let pass."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 2):
        number += 1
        if text := line.strip():
            yield record_of(text, number=number, namespace=namespace)


def _attributes(record: Taken) -> dict[str, Any] | None:
    """The record's attributes as JSON; None where it is no event in binary mode and must be kept raw."""
    found: dict[str, Any] = {}
    for name, raw in record.headers:
        attribute = _ATTRIBUTE_OF.get(name) or name.removeprefix("ce_")
        if raw is None or attribute in found or attribute in _PLACE | {"raw", "data", "data_base64"}:
            return None
        if name not in _ATTRIBUTE_OF and (not name.startswith("ce_") or attribute in _HEADER_OF):
            return None
        try:
            found[attribute] = raw.decode()
        except UnicodeDecodeError:
            return None
    key = found.get("subject", "")
    if not found.keys() >= _NEEDED or record.key != key.encode() or found.get("partitionkey", key) != key:
        return None
    return found if _is_one_json_line(record.value) else None


def _is_one_json_line(value: Any) -> bool:
    if not isinstance(value, bytes) or len(value) > MAX_BODY_BYTES or b"\n" in value or b"\r" in value:
        return False
    try:
        json.loads(value.decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    return True


def _event(read: dict[str, Any], number: int, namespace: str) -> RawRecord:
    headers: list[tuple[str, bytes | None]] = []
    for attribute, text in read.items():
        if attribute in _PLACE or attribute in ("data", "data_base64") or text is None:
            continue
        headers.append((_HEADER_OF.get(attribute, f"ce_{attribute}"), _plain(text).encode()))
    key = str(read["partitionkey"] if "partitionkey" in read else read["subject"]).encode()
    return RawRecord(*_place(read, number, namespace), key=key, value=_body(read), headers=headers)


def _plain(value: Any) -> str:
    """An attribute as text, by the rules of CloudEvents' type system."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    raise TypeError("an attribute is a string, an integer or a boolean")


def _body(read: dict[str, Any]) -> bytes | None:
    if "data_base64" in read:
        return base64.b64decode(read["data_base64"], validate=True)
    if "data" not in read:
        return None
    try:
        return json.dumps(read["data"], ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:  # half a character, escaped: it stays escaped, for the schema to refuse
        return json.dumps(read["data"], separators=(",", ":")).encode()


def _raw(read: dict[str, Any], number: int, namespace: str) -> RawRecord:
    raw = read["raw"]
    headers: Iterable[tuple[str, bytes | None]] = [
        (str(name), _bytes(value)) for name, value in raw["headers"]
    ]
    return RawRecord(
        *_place(read, number, namespace),
        key=_bytes(raw["key"]),
        value=_bytes(raw["value"]),
        headers=tuple(headers),
    )


def _place(read: dict[str, Any], number: int, namespace: str) -> tuple[str, int, int]:
    """Where the record lay; of a line that does not say it, the topic of its type, partition 0 and the line as offset."""
    event_class = BY_TYPE.get(str(read.get("type")))
    topic = read.get("kafkatopic") or (event_class.TOPIC if event_class else "unknown")
    return namespace + str(topic), int(read.get("kafkapartition", 0)), int(read.get("kafkaoffset", number))


def _base64(raw: bytes | None) -> str | None:
    return None if raw is None else base64.b64encode(raw).decode()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)


def _dumped(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
