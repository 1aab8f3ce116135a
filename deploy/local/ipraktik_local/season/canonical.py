"""A season in canonical form: the season's own names instead of ids, days instead of instants. Equal for equal seeds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from ipraktik_contracts import CloudEvent
from ipraktik_contracts.events import ContactChanged, EvaluationRequested, PlacementEvent, RequestEvent

Canonical = dict[str, list[list[str]]]


def canonical(events: Iterable[CloudEvent], *, refs: Mapping[str, str]) -> Canonical:
    """Per aggregate, by name, its events in order: type, day and body. `refs` gives the season's name for a sign-up's id."""
    events = list(events)
    names = dict(refs)
    _name_the_rest(events, names)
    lines: Canonical = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.data.TOPIC, event.key, event.sequence)):
        if isinstance(event.data, ContactChanged | RequestEvent):
            continue  # internal: their ids are drawn, and what they say shows in the public facts
        body = _plain(event.data.model_dump(mode="json"), names)
        lines[f"{event.data.TOPIC} {names.get(event.key, 'edition')}"].append(
            [type(event.data).__name__, event.time.date().isoformat(), str(sorted(body.items()))]
        )
    return dict(sorted(lines.items()))


def _name_the_rest(events: Iterable[CloudEvent], names: dict[str, str]) -> None:
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for event in events:
        data = event.data
        if isinstance(data, PlacementEvent):
            pair = (names.get(str(data.intern_id), "?"), names.get(str(data.host_id), "?"))
            if data.key not in pairs[pair]:
                pairs[pair].append(data.key)
            names[data.key] = f"{pair[0]}@{pair[1]}#{pairs[pair].index(data.key)}"
    for event in events:
        data = event.data
        if isinstance(data, EvaluationRequested):
            names[data.key] = f"{names.get(str(data.placement_id), '?')}/{data.party}/{data.wave}"


def _plain(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: _plain(part, names)
            for key, part in sorted(value.items())
            if key not in ("fingerprint", "run_id", "group_id")
        }
    if isinstance(value, list):
        return [_plain(part, names) for part in value]
    if isinstance(value, str) and _is_id(value):
        return names.get(value, "id")
    return value


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
