"""`registry.json`: what is promised of every type and topic, in one file that programs read. The gate holds it to its word."""

from typing import Any

from ..classification import CLASSES
from ..envelope import MAX_BODY_BYTES, MAX_HEADER_BYTES
from ..events.event import MAJOR
from ..lifecycle import LIFECYCLES, Lifecycle, NoLifecycle, lifecycle_of
from ..registry import REGISTRY, TypeEntry
from ..topics import TOPICS, TopicDeclaration
from ..version import VERSION


def registry_facts() -> dict[str, Any]:
    """Types, topics, lifecycles, data classes and limits."""
    return {
        "version": VERSION,
        "limits": {"body_bytes": MAX_BODY_BYTES, "header_bytes": MAX_HEADER_BYTES},
        "topics": {topic.name: _topic(topic) for topic in TOPICS},
        "types": {entry.name: _type(entry) for entry in REGISTRY.values()},
        "lifecycles": {one.aggregate: _lifecycle(one) for one in LIFECYCLES},
        "data_classes": {
            one.name: {"meaning": one.meaning, "public": one.public} for one in CLASSES.values()
        },
    }


def _topic(topic: TopicDeclaration) -> dict[str, Any]:
    return {
        "description": topic.description,
        "audience": "public" if topic.public else "internal",
        "partitions": topic.partitions,
        "config": dict(topic.config),
    }


def _type(entry: TypeEntry) -> dict[str, Any]:
    return {
        "ce_type": entry.ce_type,
        "major": MAJOR,
        "topic": entry.topic,
        "owner": entry.owner,
        "audience": entry.audience,
        "ordering_key": entry.ordering_key,
        "compatibility": entry.compatibility,
        "lifecycle": _lifecycle_name(entry),
        "data_classes": dict(entry.data_classes),
    }


def _lifecycle_name(entry: TypeEntry) -> str | None:
    try:
        return lifecycle_of(entry.event_class).aggregate
    except NoLifecycle:
        return None


def _lifecycle(one: Lifecycle) -> dict[str, Any]:
    return {
        "topic": one.topic,
        "key": one.key,
        "states": dict(one.meanings),
        "finals": sorted(one.finals),
        "transitions": [
            {
                "event": step.event.__name__,
                "before": step.before,
                "after": step.after,
                "condition": step.said or None,
            }
            for step in one.transitions
        ],
    }
