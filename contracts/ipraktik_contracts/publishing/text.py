"""How a generated document is written down."""

import json
from collections.abc import Mapping
from typing import Any


def json_text(document: Mapping[str, Any]) -> str:
    """JSON as people read it and as differences show it: indented, in the order given, with a last line feed."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def sentence(docstring: str | None) -> str:
    """A docstring on one line."""
    return " ".join((docstring or "").split())
