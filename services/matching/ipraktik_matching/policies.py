"""What a coordinator may turn for one run: weights, what keeping people where they are is worth, what little fit costs.

As it stands it changes nothing. It is kept with the run as JSON; a run of an older version has none, which reads as this one.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Final

from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.puzzle import Policy, Puzzle, PuzzleError

_ANY_DAY: Final = date(2018, 9, 10)
_OURS: Final = "move_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPolicy:
    """The engine's policy, and `move_open`: proposals that nobody has answered may be moved. Without it they stand."""

    weights: Mapping[str, int] = field(default_factory=dict)
    keep_open: int = 300
    keep_draft: int = 50
    low_fit: int = 0
    low_fit_percent: int = 0
    move_open: bool = False

    @property
    def of_engine(self) -> Policy:
        """The part of it that the engine weighs by."""
        return Policy(**{one.name: getattr(self, one.name) for one in fields(self) if one.name != _OURS})


USUAL: Final = RunPolicy()


def allowed(policy: RunPolicy) -> RunPolicy:
    """The policy, where the engine takes it. Raises Refused."""
    try:
        Puzzle(interns=(), hosts=(), dates=(_ANY_DAY, _ANY_DAY), policy=policy.of_engine)
    except PuzzleError:
        raise Refused("policy_out_of_range") from None
    return policy


def written(policy: RunPolicy) -> str | None:
    """How it is kept; the usual one is kept as nothing."""
    return None if policy == USUAL else json.dumps(asdict(policy), sort_keys=True)


def read(text: str | None) -> RunPolicy:
    """What was kept. Words of a later version are left aside."""
    if text is None:
        return USUAL
    told: dict[str, Any] = json.loads(text)
    return RunPolicy(**{one.name: told[one.name] for one in fields(RunPolicy) if one.name in told})
