"""Small groups stay silent: nothing is said of fewer than five people, nor of what could be worked out by subtraction.

Four ways of subtracting are closed. Within a table: an option is silent also where those who did not choose it are one to
four. Across tables: no figure is given both as a total and by party. Across revisions: a figure is renewed only when at least
five answers have come since it was last given. On
the way to the report: what the page that thanks says would be as true whatever any four people had answered.
"""

from collections.abc import Hashable, Iterable, Mapping
from fractions import Fraction
from typing import Final

FEWEST: Final = 5
TOLD_SHARES: Final = (Fraction(9, 10), Fraction(3, 4), Fraction(2, 3), Fraction(1, 2))
"""What is told on the way, the largest that holds."""


def too_few(people: Iterable[Hashable]) -> bool:
    """Whether these are fewer than five different people; a host with three interns answers three times and is one."""
    return len(set(people)) < FEWEST


def may_tell(chose: Iterable[Hashable], did_not: Iterable[Hashable]) -> bool:
    """Whether an option's count may be told: nobody or at least five on either side."""
    return all(len(group) == 0 or len(group) >= FEWEST for group in (set(chose), set(did_not)))


def may_renew(*, told_n: int, fresh_n: int) -> bool:
    """Whether a figure told earlier over `told_n` answers (0: it was silent) may now be told over `fresh_n`."""
    return told_n == 0 or fresh_n - told_n >= FEWEST


def may_tell_again(*, told_n: int, fresh_n: int) -> bool:
    """Whether what is told on the way, over `told_n` answers so far, is told anew over `fresh_n`: twice as many."""
    return fresh_n > FEWEST and (told_n == 0 or fresh_n >= 2 * told_n)


def surely(yes: Mapping[Hashable, int], *, people: int, n: int) -> Fraction | None:
    """What may be told on the way to one who has answered: "at least three of four", whatever any four people answered.

    `yes` is the number of yes by person, `n` the answers of all. A share is told only if it would be as true had any four
    people said no. So nothing can be worked out of fewer than five, neither now nor by subtracting it from the report. None
    where nothing may be told; without the reader there must be five others.
    """
    if people <= FEWEST:
        return None
    certain = sum(yes.values()) - sum(sorted(yes.values(), reverse=True)[: FEWEST - 1])
    return next((share for share in TOLD_SHARES if certain >= share * n), None)


def public_counts(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Counts of a table whose total is told. One to four are silent, and so many more that silence cannot be filled in.

    What is silent is at least two groups and at least five people together, or everything. Where groups are equal the
    alphabet decides, so that the same counts always give the same table.
    """
    silent = {code for code, count in counts.items() if 0 < count < FEWEST}
    rest = sorted((count, code) for code, count in counts.items() if count >= FEWEST)
    while silent and rest and (len(silent) < 2 or sum(counts[code] for code in silent) < FEWEST):
        silent.add(rest.pop(0)[1])
    return {code: None if code in silent else count for code, count in counts.items()}
