"""How long a stay lasts and when it can be held.

The dates of a person are the union of the windows given, cut to the edition's dates; without windows, all the
edition's dates. A day of a stay is a weekday (Monday to Friday). A stay of n days needs one common window with n
weekdays. Which of the possible numbers of days is agreed: the one that suits the journey types best, then the longest
(a longer stay sees more); it is held in the earliest common window that is long enough.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Final

from ipraktik_matching.puzzle.pieces import Days, Window

TYPICAL_DAYS: Final = {
    "tourist": (2, 2),
    "business_traveller": (3, 4),
    "adventurer": (4, 5),
    "own_idea": (2, 5),
}
"""Journey type to the fewest and most days it usually takes."""

MOST_DAYS: Final = 10
"""No stay is longer; windows beyond it are all alike."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """An agreed number of days, and the common window to hold them in."""

    days: int
    window: Window


def weekdays_before(day: date) -> int:
    """Weekdays since an arbitrary Monday, so that a difference counts the weekdays between two dates."""
    weeks, rest = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(rest, 5)


def weekdays(window: Window) -> int:
    """How many weekdays the window holds."""
    first, last = window
    return max(0, weekdays_before(last + _DAY) - weekdays_before(first))


def free_windows(available: Iterable[Window], dates: Window) -> tuple[Window, ...]:
    """The windows as disjoint stretches within the edition's dates, earliest first; may be empty."""
    first, last = dates
    windows = sorted((max(begin, first), min(end, last)) for begin, end in (tuple(available) or (dates,)))
    joined: list[Window] = []
    for begin, end in windows:
        if end < begin:
            continue
        if joined and begin <= joined[-1][1] + _DAY:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def common_windows(everyone: Sequence[tuple[Window, ...]]) -> tuple[Window, ...]:
    """When all are free, given each one's disjoint windows; earliest first."""
    common = everyone[0]
    for windows in everyone[1:]:
        overlaps = ((max(a[0], b[0]), min(a[1], b[1])) for a, b in product(common, windows))
        common = tuple(sorted(window for window in overlaps if window[0] <= window[1]))
    return common


def days_off(journey_type: str, days: int) -> int:
    """How far a number of days lies from what the journey type usually takes; 0 = within."""
    fewest, most = TYPICAL_DAYS[journey_type]
    return max(fewest - days, days - most, 0)


def agreed_days(*, ranges: Sequence[Days], journey_types: Sequence[str], longest: int) -> int:
    """The number of days within every range and not above `longest` that suits the journeys best; 0 = none."""
    fewest = max(days.min for days in ranges)
    most = min(longest, *(days.max for days in ranges))
    possible = range(fewest, most + 1)
    return min(possible, key=lambda n: (sum(days_off(kind, n) for kind in journey_types), -n), default=0)


def agreed_stay(
    *, ranges: Sequence[Days], journey_types: Sequence[str], everyone: Sequence[tuple[Window, ...]]
) -> Stay | None:
    """What travellers and host agree on, or None where days or dates have nothing in common."""
    windows = common_windows(everyone)
    longest = max(map(weekdays, windows), default=0)
    days = agreed_days(ranges=ranges, journey_types=journey_types, longest=longest)
    if days == 0:
        return None
    return Stay(days=days, window=next(window for window in windows if weekdays(window) >= days))
