"""What policies hold the manifests against: facts that come from the programs and the tree, gathered by whoever asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ipraktik_manifests.programs import Program
from ipraktik_manifests.tree import Object

PromqlCheck = Callable[[Sequence[Object]], list[str]]


@dataclass(frozen=True, slots=True)
class Facts:
    """`answers` and `metrics` come from running programs; where nobody has run any, they are empty and what needs them is silent."""

    programs: Mapping[str, Program]
    runbooks: Path
    secrets: Mapping[str, frozenset[str]]
    """The Secrets that are made by hand, with their keys (components/secrets-manual)."""
    promql: PromqlCheck
    """What promtool says against rules; a fact, since the program is not everywhere."""
    answers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """`serve` or `work` -> path on its ops port -> status."""
    metrics: frozenset[str] = frozenset()
