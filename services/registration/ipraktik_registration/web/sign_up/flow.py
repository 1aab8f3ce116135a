"""Which question pages a sign-up has, in which order, and where an answered page leads.

Invariants: the next page is always the first one that is not answered yet, else the check of the answers; so who comes back from
there to mend one answer returns there. A page that an answer makes superfluous is left out with what was said on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ipraktik_registration.domain.drafts import Answers, Part

YOU: Final = "you"
WORKPLACE: Final = "workplace"
WHICH: Final = "which"
PLACE: Final = "place"
STAY: Final = "stay"
WISHES: Final = "wishes"
TIME: Final = "time"
PEOPLE: Final = "people"
OFFER: Final = "offer"
GUESTS: Final = "guests"
DAYS: Final = "days"
GUEST: Final = "guest"
CHECK: Final = "check"
PARTIAL: Final = "partial"
"""Not a page: what stood on a page that somebody left for later before it was well answered."""
RECEIPT: Final = "receipt"

STEPS: Final[Mapping[Part, Sequence[tuple[str, ...]]]] = {
    "intern": ((YOU,), (WORKPLACE, WHICH, PLACE), (STAY, WISHES), (TIME, PEOPLE), (CHECK,)),
    "host": ((YOU,), (WORKPLACE, WHICH, PLACE), (OFFER, GUESTS), (DAYS, GUEST), (CHECK,)),
    "both": (
        (YOU,),
        (WORKPLACE, WHICH, PLACE),
        (STAY, WISHES),
        (TIME, PEOPLE),
        (OFFER, GUESTS),
        (DAYS, GUEST),
        (CHECK,),
    ),
}
"""The steps that people count, each with its pages; all but the first of a step are asked only where they are needed."""
QUESTIONS: Final = frozenset(page for steps in STEPS.values() for step in steps for page in step) - {CHECK}


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of the workplace by name alone: a municipality tells everything, a region its sector."""

    organisation: str
    sector: str | None = None
    municipality: str | None = None

    @property
    def complete(self) -> bool:
        """Whether nothing needs to be asked."""
        return self.sector is not None and self.municipality is not None


def work_of(answers: Answers) -> Work | None:
    """The workplace as far as it was recognised; None before it was asked for."""
    found = answers.get(WHICH, {}).get("found") or answers.get(WORKPLACE, {}).get("found")
    return None if found is None else Work(**found)


def pages(part: Part, answers: Answers) -> list[str]:
    """The pages of this sign-up as its answers stand, the check last."""
    return [page for step in STEPS[part] for page in step if _needed(page, answers)]


def next_page(part: Part, answers: Answers) -> str:
    """The first page that is not answered, else the check."""
    return next((page for page in pages(part, answers) if page not in answers), CHECK)


def page_before(part: Part, answers: Answers, page: str) -> str | None:
    """The page that a step back leads to; None on the first."""
    order = pages(part, answers)
    at = order.index(page) if page in order else 0
    return order[at - 1] if at > 0 else None


def step_of(part: Part, page: str) -> tuple[int, int]:
    """Which of how many steps the page belongs to."""
    steps = STEPS[part]
    return next(number for number, step in enumerate(steps, 1) if page in step), len(steps)


def answered(part: Part, answers: Answers, page: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with this page's. Pages that are superfluous now are left out, those that rest on a changed answer asked anew."""
    grown = {**answers, page: dict(given)}
    before = answers.get(page, {})
    if page == WORKPLACE and given.get("organisation") != before.get("organisation"):
        grown.pop(WHICH, None)
        grown.pop(PLACE, None)
    if page == WHICH and given.get("found") != before.get("found"):
        grown.pop(PLACE, None)
    if page == STAY and TIME in grown and given.get("journey") != before.get("journey"):
        # the other journey has other days: all of them, until somebody says otherwise
        grown[TIME] = {name: value for name, value in grown[TIME].items() if name != "length"}
    keep = set(pages(part, grown))
    if answers.get(PARTIAL, {}).get("page") != page:
        keep.add(PARTIAL)
    return {name: kept for name, kept in grown.items() if name in keep}


def left_for_later(answers: Answers, page: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with what stands on a page that is not well answered yet, for when somebody comes back to it."""
    return {**answers, PARTIAL: {"page": page, "given": dict(given)}}


def standing_on(answers: Answers, page: str) -> Mapping[str, Any]:
    """What a page is filled in with: what was left there for later, else its answers."""
    partial = answers.get(PARTIAL, {})
    found: Mapping[str, Any] = partial["given"] if partial.get("page") == page else answers.get(page, {})
    return found


def _needed(page: str, answers: Answers) -> bool:
    match page:
        case "which":
            return bool(answers.get(WORKPLACE, {}).get("alike"))
        case "place":
            work = work_of(answers)
            asked = WORKPLACE in answers and (WHICH in answers or not _needed(WHICH, answers))
            return asked and not (work is not None and work.complete)
        case "wishes":
            return answers.get(STAY, {}).get("open") == "no"
        case "guests":
            return answers.get(OFFER, {}).get("open") == "no"
        case "people":
            time = answers.get(TIME, {})
            return time.get("route") in ("ask", "found") or time.get("companion") == "yes"
        case "guest":
            return answers.get(DAYS, {}).get("route") == "found"
        case _:
            return True
