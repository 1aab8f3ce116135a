"""What the proof says in the end: for people as lines, for programs as one object. The same facts in both."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from ...counted import counted, times
from .canonical import aggregates_of, events_hash, kind_hashes, state_hash
from .findings import RULES, Finding
from .ledger import Ledger

SHOWN = 100
"""Findings printed for people; a program gets those that were kept."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict with what it rests on. `proved` is true where every rule held for every record."""

    records: int
    events: int
    repeats: int
    partitions: int
    by_type: dict[str, int]
    states: dict[str, dict[str, int]]
    left_alone: dict[str, int]
    not_followed: int
    broken: dict[str, int]
    findings: tuple[Finding, ...]
    events_hash: str
    state_hash: str
    kind_hashes: dict[str, str]

    @property
    def proved(self) -> bool:
        """Whether nothing was found."""
        return not self.broken

    def as_json(self) -> dict[str, Any]:
        """The proof for a program."""
        return {
            "proved": self.proved,
            "records": self.records,
            "events": self.events,
            "repeats": self.repeats,
            "partitions": self.partitions,
            "types": self.by_type,
            "states": self.states,
            "left_alone": self.left_alone,
            "aggregates_not_followed": self.not_followed,
            "rules": {rule: self.broken.get(rule, 0) for rule in RULES},
            "findings": [
                {"rule": one.rule, "place": str(one.place), "said": one.said} for one in self.findings
            ],
            "events_hash": self.events_hash,
            "state_hash": self.state_hash,
            "kind_hashes": self.kind_hashes,
        }

    def as_lines(self) -> list[str]:
        """The proof for people, and for a log: no line depends on the width of anything."""
        read = (
            f"{counted(self.records, 'record', 'records')} of {counted(self.partitions, 'partition', 'partitions')}"
            if self.partitions
            else counted(self.records, "record", "records")
        )
        lines = [
            f"read: {read}; {counted(self.events, 'event', 'events')}, {counted(self.repeats, 'repeat', 'repeats')} of them (legal: at least once)"
        ]
        width = max(len(rule) for rule in RULES)
        for rule, said in RULES.items():
            found = self.broken.get(rule, 0)
            lines.append(
                f"{'broken' if found else 'holds '}  {rule:<{width}}  {said}"
                + (f": {times(found)} not" if found else "")
            )
        lines += [f"type: {name} {count}" for name, count in self.by_type.items() if count]
        for aggregate, states in self.states.items():
            held = ", ".join(f"{state} {count}" for state, count in states.items())
            lines.append(f"state: {aggregate} {sum(states.values())}: {held}")
        lines += [
            f"left alone, not known to this build: {name} {count}" for name, count in self.left_alone.items()
        ]
        if self.not_followed:
            lines.append(
                f"not followed to the end, for what is named here: {counted(self.not_followed, 'aggregate', 'aggregates')}"
            )
        lines += [f"found: {one}" for one in self.findings[:SHOWN]]
        total = sum(self.broken.values())
        if total > SHOWN:
            lines.append(f"found: and {total - SHOWN} more; --json lists the first {len(self.findings)}")
        lines += [f"hash: {name} {value}" for name, value in self.kind_hashes.items()]
        lines += [f"hash: state {self.state_hash}", f"hash: events {self.events_hash}"]
        held = "PROVED" if self.records else "PROVED, but there was nothing to read"
        lines.append(held if self.proved else f"NOT PROVED: {counted(total, 'finding', 'findings')}")
        return lines


def proof_of(ledger: Ledger, *, partitions: int = 0) -> Proof:
    """The proof of a ledger that is closed."""
    rows = aggregates_of(ledger)
    hashes = kind_hashes(rows)
    states: dict[str, Counter[str]] = {}
    for row in rows:
        states.setdefault(row.aggregate, Counter())[row.state] += 1
    lines = list(ledger.all_lines())
    return Proof(
        records=ledger.records,
        events=sum(len(line.ids) + len(line.beyond) for line in lines),
        repeats=ledger.repeats,
        partitions=partitions,
        by_type={kind.name: kind.count for kind in ledger.kinds},
        states={aggregate: dict(sorted(found.items())) for aggregate, found in states.items()},
        left_alone=dict(sorted(ledger.left_alone.items())),
        not_followed=sum(1 for line in lines if line.lifecycle is not None and not line.followed),
        broken={rule: ledger.findings.counts[rule] for rule in RULES if ledger.findings.counts[rule]},
        findings=tuple(ledger.findings.kept),
        events_hash=events_hash(ledger),
        state_hash=state_hash(hashes),
        kind_hashes=hashes,
    )
