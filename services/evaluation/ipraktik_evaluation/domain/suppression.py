"""Small groups stay silent: nothing is said of fewer than five people, nor of what could be worked out by subtraction.

Three ways of subtracting are closed. Within a table: an option is silent also where those who did not choose it are one to
four. Across tables: no figure is given both as a total and by party. Across revisions: a figure is renewed only when at least
five answers have come since it was last given.
"""

from collections.abc import Hashable, Iterable
from typing import Final

FEWEST: Final = 5


def too_few(people: Iterable[Hashable]) -> bool:
    """Whether these are fewer than five different people; a host with three interns answers three times and is one."""
    return len(set(people)) < FEWEST


def may_tell(chose: Iterable[Hashable], did_not: Iterable[Hashable]) -> bool:
    """Whether an option's count may be told: nobody or at least five on either side."""
    return all(len(group) == 0 or len(group) >= FEWEST for group in (set(chose), set(did_not)))


def may_renew(*, told_n: int, fresh_n: int) -> bool:
    """Whether a figure told earlier over `told_n` answers (0: it was silent) may now be told over `fresh_n`."""
    return told_n == 0 or fresh_n - told_n >= FEWEST
