"""A breach of the promise: which event and field, which rule, since which version, and the way out. One sentence each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_BESIDE: Final = "or say the change as a new major version (a new type on a new topic) beside it"

WAYS_OUT: Final[Mapping[str, str]] = {
    "event-removed": f"keep the type and go on saying it, {_BESIDE}",
    "type-renamed": f"keep the type's name, {_BESIDE}",
    "topic-moved": f"leave it on its topic, {_BESIDE}",
    "key-changed": f"leave the key as it is, {_BESIDE}",
    "owner-changed": "let the service that owns the type go on saying it: ce_source and the order per key hang on it",
    "audience-changed": "leave the audience as it is, and make another type for the other one",
    "promise-lowered": "leave the compatibility mode as it is: subscribers have built on it",
    "schema-id-changed": "leave $id as it is: ce_dataschema of every record ever written points there",
    "field-removed": f"keep the field, {_BESIDE}",
    "field-required": "give the field a default, so that records written before it still read",
    "field-retyped": f"keep the type, and add a second field for the new form, {_BESIDE}",
    "null-added": f"keep it from being null, and add a second field for that case, {_BESIDE}",
    "null-removed": "let readers still take null: records with it are on the topic for ever",
    "enum-value-added": f"leave the list closed and add a second field for the new value, {_BESIDE}",
    "enum-value-removed": "keep the value in the list, even if nobody says it any more: records with it are on the topic for ever",
    "format-changed": f"keep the format, and add a second field for the new one, {_BESIDE}",
    "pattern-changed": f"keep the pattern, and add a second field for the new one, {_BESIDE}",
    "bound-tightened": "keep the bound: records outside the new one are on the topic for ever",
    "bound-loosened": f"keep the bound: readers refuse what lies outside it, {_BESIDE}",
    "default-changed": "keep the default: readers fill it in for records written before the field",
    "default-removed": "keep the default: records written before the field do not have it",
    "no-longer-written": "go on writing the field in every record",
    "readers-closed": "let readers ignore fields that they do not know (no additionalProperties)",
    "producers-opened": "let producers refuse fields that are not declared (additionalProperties: false)",
    "classification-changed": "keep the data class, and add a field of its own for data of another class",
    "unclassified": "give the field a data class in classification.py",
    "contact-in-public": "take it out: names, addresses and texts of people travel on internal topics only",
    "cannot-judge": f"take the keyword back, teach the gate what it means, {_BESIDE}",
    "topic-removed": "keep the topic: its records were promised for ever",
    "topic-partitions": "keep the number of partitions: another one moves keys and breaks their order",
    "topic-retention": "keep records at least as long as promised",
    "topic-config": f"leave the setting as it is, {_BESIDE}",
    "limit-raised": "keep the limit: subscribers and gateways are built for it",
    "state-removed": "keep the state's name: subscribers keep it in their tables",
    "final-reopened": "let a final state stay final, and make a new aggregate for what follows",
    "transition-changed": "keep what the event does in that state, and say the new course with an event of its own",
    "example-unreadable": "make today's readers take the record: it was published",
    "released-altered": "restore the folder from version control: a released version never changes",
    "version-not-raised": "raise VERSION in version.py and say in CHANGELOG.md what changed for whom",
}
"""Every rule with what to do instead."""


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """`event` is the type (or topic, lifecycle, version) and `field` the path in it, empty where it is about the whole."""

    event: str
    field: str
    rule: str
    what: str
    since: str

    def __str__(self) -> str:
        where = f"{self.event}.{self.field}" if self.field else self.event
        return (
            f"{where}: {self.what} [{self.rule}, promised in {self.since}]. Way out: {WAYS_OUT[self.rule]}."
        )
