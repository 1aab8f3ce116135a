"""A record in CloudEvents' structured mode: every attribute as it was said, and the body byte for byte.

The way there and back is exact: `ce_x` becomes `x`, the content type `datacontenttype`, `traceparent` keeps its name, `data` is
the record's body untouched, unknown fields and order of keys included. A record that came in structured mode is what it is.
"""

import json
import re
from collections.abc import Sequence
from typing import Final

from ipraktik_contracts.structured import is_structured

_NAME: Final = re.compile(r"[a-z0-9]{1,40}")
_TAKEN: Final = {"data", "data_base64", "datacontenttype"}


def structured(headers: Sequence[tuple[str, bytes | None]], body: bytes) -> str:
    """The CloudEvent as JSON text. The record has been decoded before, so its headers and body are sound."""
    if is_structured((dict(headers).get("content-type") or b"").decode()):
        return body.decode()
    attributes: dict[str, str] = {}
    for name, raw in headers:
        plain = name.removeprefix("ce_") if name.startswith("ce_") else ""
        if name == "content-type":
            plain = "datacontenttype"
        elif name == "traceparent":
            plain = name
        elif plain in _TAKEN or _NAME.fullmatch(plain) is None:
            continue
        if raw is not None:
            attributes[plain] = raw.decode()
    attributes.setdefault("datacontenttype", "application/json")
    head = json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))
    return f'{head[:-1]},"data":{body.decode()}}}'
