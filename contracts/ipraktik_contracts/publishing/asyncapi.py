"""The contract as an AsyncAPI 3 document: one channel per topic, one message per type, headers, keys, retention.

Two documents. The public one holds the public topics and nothing else: a subscriber is never granted an internal topic, and a
document that shows the fields with names and addresses would only invite the wish. The internal one is for our own services.
Payloads are the readers' view: what one validates and generates code with, so that tomorrow's field breaks nobody.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from ..envelope import CloudEvent
from ..events.event import MAJOR
from ..examples import example_envelopes
from ..headers import headers_schema, own_headers
from ..registry import REGISTRY, TypeEntry
from ..schemas import schema_id, schema_of
from ..topics import TOPICS, TopicDeclaration
from ..version import VERSION
from .records import example_document
from .text import sentence

Audience = Literal["public", "internal"]

_BINDING: Final = {"bindingVersion": "0.5.0"}
_JSON: Final = "application/json"
_NUMBERS: Final = ("retention.ms", "retention.bytes", "delete.retention.ms", "max.message.bytes")
_ABOUT: Final[Mapping[Audience, str]] = {
    "public": (
        "What Innovationspraktik says to other agencies: sign-ups, placements and evaluations of the public sector's exchange "
        "of interns, without a word about who the people are. Delivered at least once, in order per key, with a gapless "
        "ce_sequence, kept for ever. Ignore fields, types and codes that you do not know. Within a major version nothing is "
        "removed, renamed or given another meaning."
    ),
    "internal": (
        "What Innovationspraktik's own services say to each other beside the public events. Names and addresses travel here. "
        "Never granted to anybody else."
    ),
}


def asyncapi_document(*, audience: Audience) -> dict[str, Any]:
    """The document of one audience."""
    topics = [topic for topic in TOPICS if topic.public == (audience == "public")]
    entries = [entry for entry in REGISTRY.values() if entry.audience == audience]
    return {
        "asyncapi": "3.1.0",
        "id": f"urn:innovationspraktik:contract:{audience}",
        "info": {
            "title": "Innovationspraktik" if audience == "public" else "Innovationspraktik, internal topics",
            "version": VERSION,
            "description": _ABOUT[audience],
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "tags": [{"name": owner} for owner in dict.fromkeys(entry.owner for entry in entries)],
        },
        "defaultContentType": _JSON,
        "servers": {"kafka": _server()},
        "channels": {_channel_name(topic): _channel(topic, entries) for topic in topics},
        "operations": {f"say.{_channel_name(topic)}": _operation(topic, entries) for topic in topics},
        "components": {
            "securitySchemes": {
                "scram": {
                    "type": "scramSha512",
                    "description": "Every agency has a user of its own, with reading rights on the public topics and on groups under its own prefix.",
                }
            },
            "messageTraits": {"cloudevents": _trait()},
            "messages": {entry.name: _message(entry) for entry in entries},
            "schemas": {"Headers": _inlined(headers_schema(view="readers")), **_schemas(entries)},
        },
    }


def _server() -> dict[str, Any]:
    return {
        "host": "{bootstrap}",
        "protocol": "kafka-secure",
        "description": "Apache Kafka. The address comes with the agency's login.",
        "variables": {
            "bootstrap": {
                "description": "Host and port of a broker.",
                "default": "localhost:9092",
                "examples": ["kafka.example.org:9093"],
            }
        },
        "security": [{"$ref": "#/components/securitySchemes/scram"}],
        "bindings": {"kafka": _BINDING},
    }


def _channel_name(topic: TopicDeclaration) -> str:
    """`participants` for `innovationspraktik.participants.v1`: a short name for the document's own references."""
    return topic.name.removeprefix("innovationspraktik.").removesuffix(f".v{MAJOR}").replace(".", "-")


def _of(topic: TopicDeclaration, entries: list[TypeEntry]) -> Iterator[TypeEntry]:
    return (entry for entry in entries if entry.topic == topic.name)


def _channel(topic: TopicDeclaration, entries: list[TypeEntry]) -> dict[str, Any]:
    return {
        "address": topic.name,
        "title": topic.name,
        "description": topic.description,
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {
            entry.name: {"$ref": f"#/components/messages/{entry.name}"} for entry in _of(topic, entries)
        },
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": _configuration(topic),
                **_BINDING,
            }
        },
    }


def _configuration(topic: TopicDeclaration) -> dict[str, Any]:
    made: dict[str, Any] = {"cleanup.policy": topic.config["cleanup.policy"].split(",")}
    return made | {name: int(topic.config[name]) for name in _NUMBERS if name in topic.config}


def _operation(topic: TopicDeclaration, entries: list[TypeEntry]) -> dict[str, Any]:
    channel = _channel_name(topic)
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{channel}"},
        "title": f"Say what happened on {topic.name}",
        "summary": "Innovationspraktik sends; a subscriber receives.",
        "messages": [
            {"$ref": f"#/channels/{channel}/messages/{entry.name}"} for entry in _of(topic, entries)
        ],
        "bindings": {"kafka": _BINDING},
    }


def _trait() -> dict[str, Any]:
    return {
        "contentType": _JSON,
        "correlationId": {
            "description": "What this belongs to: one act and all that follows from it.",
            "location": "$message.header#/ce_correlationid",
        },
    }


def _message(entry: TypeEntry) -> dict[str, Any]:
    said = sentence(entry.event_class.__doc__)
    return {
        "name": entry.ce_type,
        "title": entry.name,
        "summary": said,
        "tags": [{"name": entry.owner}],
        "traits": [{"$ref": "#/components/messageTraits/cloudevents"}],
        "headers": {"allOf": [{"$ref": "#/components/schemas/Headers"}, own_headers(entry.event_class)]},
        "payload": {"$ref": f"#/components/schemas/{entry.name}"},
        "bindings": {
            "kafka": {
                "key": {
                    "type": "string",
                    "format": "uuid",
                    "description": f"`{entry.ordering_key}` as lower-case text. Order is kept among records with the same key.",
                },
                **_BINDING,
            }
        },
        "examples": [
            _example(event) for event in example_envelopes() if type(event.data) is entry.event_class
        ],
        "x-owner": entry.owner,
        "x-audience": entry.audience,
        "x-ordering-key": entry.ordering_key,
        "x-compatibility": entry.compatibility,
        "x-schema": schema_id(entry.event_class, view="readers"),
    }


def _example(event: CloudEvent) -> dict[str, Any]:
    record = example_document(event)
    return {
        "name": type(event.data).__name__,
        "summary": sentence(type(event.data).__doc__),
        "headers": record["headers"],
        "payload": record["body"],
    }


def _schemas(entries: list[TypeEntry]) -> dict[str, Any]:
    """The bodies and the values in them, each once; the values' names are the same in every schema."""
    made: dict[str, Any] = {}
    for entry in entries:
        schema = schema_of(entry.event_class, view="readers")
        for name, value in schema.pop("$defs", {}).items():
            made[name] = _inlined(value)
        made[entry.name] = _inlined(schema)
    return dict(sorted(made.items()))


def _inlined(node: Any) -> Any:
    """A schema as it stands inside this document: no identity of its own, references into `components`."""
    if isinstance(node, list):
        return [_inlined(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        name: f"#/components/schemas/{value.rpartition('/')[2]}" if name == "$ref" else _inlined(value)
        for name, value in node.items()
        if name not in ("$schema", "$id")
    }
