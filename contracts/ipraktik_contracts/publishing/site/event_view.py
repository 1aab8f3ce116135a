"""What the page of an event shows, gathered from the class, its schema, its lifecycle, its example and the changelog."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ...envelope import CloudEvent, encode, to_structured
from ...events import Event
from ...events.event import MAJOR
from ...examples import example_envelopes
from ...lifecycle import Lifecycle
from ...registry import EVENT_CLASSES
from .addresses import page_of
from .changes import Release, changes_of, promised_since
from .field_table import FieldRow, field_rows
from .neighbours import Step, lifecycle_or_none, opens, steps_of
from .rendering import text_file

_NOTE: Final = re.compile(r"^## (?P<name>\w+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class EventView:
    """One event, ready to be shown."""

    event_class: type[Event]
    page: str
    name: str
    meaning: str
    note: str
    lifecycle: Lifecycle | None
    steps: tuple[Step, ...]
    opens: bool
    fields: tuple[FieldRow, ...]
    headers: tuple[tuple[str, str], ...]
    record_key: str
    body: str
    structured: str
    changes: tuple[tuple[str, str], ...]
    promised_since: str
    schema: str
    reader_schema: str
    example: str
    structured_example: str

    @property
    def public(self) -> bool:
        """Whether agencies may read it."""
        return self.event_class.AUDIENCE == "public"


def notes() -> Mapping[str, str]:
    """The written paragraphs about events, by name: when it is said and what to make of it."""
    parts = _NOTE.split(text_file("events.md"))
    return {
        name: _linked(text.strip(), own=name) for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def event_views(*, told: tuple[Release, ...]) -> tuple[EventView, ...]:
    """Every event of the registry."""
    written = notes()
    examples = {type(one.data): one for one in example_envelopes()}
    return tuple(
        _view(event_class, examples[event_class], written.get(event_class.__name__, ""), told)
        for event_class in EVENT_CLASSES
    )


def _linked(text: str, *, own: str) -> str:
    """The text with a link behind the name of every other public event."""
    others = {one.__name__: page_of(one) for one in EVENT_CLASSES if one.AUDIENCE == "public"}
    others.pop(own, None)
    return re.sub(
        r"(?<![`\[/\w])[A-Z]\w+",
        lambda found: f"[{found[0]}]({others[found[0]]})" if found[0] in others else found[0],
        text,
    )


def _view(event_class: type[Event], example: CloudEvent, note: str, told: tuple[Release, ...]) -> EventView:
    record = encode(example)
    name = event_class.__name__
    return EventView(
        event_class=event_class,
        page=page_of(event_class),
        name=name,
        meaning=" ".join((event_class.__doc__ or "").split()),
        note=note,
        lifecycle=lifecycle_or_none(event_class),
        steps=steps_of(event_class),
        opens=opens(event_class),
        fields=field_rows(event_class),
        headers=tuple((header, value.decode()) for header, value in record.headers),
        record_key=record.key.decode(),
        body=_json(json.loads(record.value)),
        structured=_json(to_structured(example)),
        changes=changes_of(name, told),
        promised_since=promised_since(name),
        schema=f"schemas/{name}.v{MAJOR}.json",
        reader_schema=f"schemas/readers/{name}.v{MAJOR}.json",
        example=f"examples/{name}.v{MAJOR}.json",
        structured_example=f"examples/structured/{name}.v{MAJOR}.json",
    )


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False)
