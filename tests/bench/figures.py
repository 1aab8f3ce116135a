"""What a comparison found: a ratio per repeat, the aim, and what the time goes to. Ratios outlive the machine; rates do not."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours beside something bare, in turns. `ratios` holds ours / bare, one per repeat."""

    ours: str
    bare: str
    ratios: Sequence[float]
    aim: float | None
    less_is_better: bool = False
    goes_to: Mapping[str, float] = field(default_factory=dict)
    """Shares of ours, by part; they need not add up to one: the rest is nobody's."""
    remark: str = ""
    rates: str = ""
    """What was measured on this machine; printed, and left out of the page."""

    @property
    def spread(self) -> tuple[float, float, float]:
        """Minimum, median, maximum."""
        return min(self.ratios), statistics.median(self.ratios), max(self.ratios)

    @property
    def met(self) -> bool:
        """Whether the median reaches the aim; a comparison without an aim cannot miss it."""
        if self.aim is None:
            return True
        median = self.spread[1]
        return median <= self.aim if self.less_is_better else median >= self.aim


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory of one process in MiB: left alone after its start, and the most seen under load."""

    process: str
    idle: float
    loaded: float
    own: float
    """Of what is resident when left alone, the part that no other process shares: what ending this one would give back."""
    idle_aim: float = 64.0
    loaded_aim: float = 96.0

    @property
    def met(self) -> bool:
        """Whether both aims are."""
        return self.idle <= self.idle_aim and self.loaded <= self.loaded_aim


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that only says what it is on this machine: seconds to start, to stop, to recover. One value per repeat."""

    what: str
    values: Sequence[float]
    unit: str = "s"
    beside: str = ""
    """What to hold it against, in words: a setting, a bound, a count."""

    @property
    def spread(self) -> tuple[float, float, float]:
        """Minimum, median, maximum."""
        return min(self.values), statistics.median(self.values), max(self.values)


@dataclass(frozen=True, slots=True)
class Operated:
    """What the rows of operations found: ratios, values of this machine, and facts that were shown."""

    compared: Sequence[Comparison] = ()
    noted: Sequence[Noted] = ()
    facts: Sequence[str] = ()


def shares(spent: Mapping[str, float]) -> dict[str, float]:
    """Each part's share of the sum."""
    whole = sum(spent.values())
    return {part: amount / whole for part, amount in spent.items()} if whole else {}


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
