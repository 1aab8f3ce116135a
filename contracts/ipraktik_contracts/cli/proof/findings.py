"""The rules that the proof holds a stream against, and a finding where one is broken."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from ..records import Place

RULES: Final[dict[str, str]] = {
    "beginning": "every partition still begins with its first record",
    "tombstone": "no record is without a body",
    "size": "no body passes 64 KiB",
    "envelope": "every CloudEvents attribute is there, once, and well formed",
    "topic": "every type lies on its own topic, and no internal type on a public one",
    "key": "record key, ce_subject, ce_partitionkey and the body's id are the same",
    "schema": "every body is what the schema of its type says to readers",
    "partition": "all records of a key lie in one partition",
    "gap": "the numbers of an aggregate run from 1 without a gap",
    "order": "the numbers of an aggregate come in their order",
    "twin": "no id and no number of an aggregate was given to two different events",
    "identity": "an aggregate names the same edition, and a placement the same two, in every event",
    "state": "every event may come in the state its aggregate is in",
}
"""Rule -> what holds where no finding names it. In the order in which a record meets them."""

KEPT: Final = 1000
"""Findings kept in full; beyond it they are only counted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach: the rule, the record that breaks it, and a sentence. No content of the event but ids and states."""

    rule: str
    place: Place
    said: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.place}: {self.said}"


@dataclass
class Findings:
    """All breaches: every one counted, the first of them in full."""

    counts: Counter[str] = field(default_factory=Counter)
    kept: list[Finding] = field(default_factory=list)

    def add(self, rule: str, place: Place, said: str) -> None:
        """Note a breach of a rule of RULES."""
        self.counts[rule] += 1
        if len(self.kept) < KEPT:
            self.kept.append(Finding(rule, place, said))

    @property
    def total(self) -> int:
        """How many there are, kept in full or not."""
        return self.counts.total()
