"""The kinds of mail: what the link of each opens, which deadline it speaks of, what it must know of others.

A kind is also the name of its template. What is true here for all: a mail carries at most one link, and a kind that asks for
an act is worth nothing once the deadline of that act has passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ipraktik_notify.domain.booklet import Phase

Aggregate = Literal["request", "own", "placement", "evaluation", "edition", "found", "board", "booklet"]
"""What a link leads to: what the request names, the recipient's own sign-up, the placement, the evaluation, the edition's
report, whatever the request's id turns out to be (found), a session on the coordinators' pages (board), or the booklet's
list for the recipient (booklet)."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a link lands: the service behind it, the acts it is for, and on what. No acts: a plain public address without a token.

    A person's link opens more than that: everything of theirs, see `PERSON_ACTS`.
    """

    service: Literal["registration", "matching", "notify", "evaluation"]
    acts: tuple[str, ...]
    aggregate: Aggregate


PERSON_ACTS: Final[dict[str, tuple[str, ...]]] = {
    "self": ("overview", "withdraw", "erase", "update", "answer", "agreement", "stay", "evaluate"),
    "manager": ("overview", "consent", "agreement", "evaluate"),
    "reserve": ("overview", "answer", "agreement", "stay"),
}
"""What every link of a person opens on their own sign-up, by their relation to it. Who is only invited has nothing there yet."""

CONFIRM: Final = Opening("registration", ("confirm",), "request")
CONSENT: Final = Opening("registration", ("consent",), "request")
PAIR: Final = Opening("registration", ("pair",), "request")
INVITED: Final = Opening("registration", ("invited",), "request")
OVERVIEW: Final = Opening("registration", ("overview", "withdraw", "erase", "update"), "own")
ANSWER: Final = Opening("matching", ("answer",), "placement")
AGREEMENT: Final = Opening("matching", ("agreement",), "placement")
AGREEMENT_AND_STAY: Final = Opening("matching", ("agreement", "stay"), "placement")
STAY: Final = Opening("matching", ("stay",), "placement")
EVALUATE: Final = Opening("evaluation", ("evaluate",), "evaluation")
FRONT_PAGE: Final = Opening("registration", (), "own")
REPORT: Final = Opening("evaluation", (), "edition")
FOUND: Final = Opening("registration", (), "found")
DRAFT: Final = Opening("registration", ("draft",), "request")
BOARD: Final = Opening("notify", (), "board")
BOOKLET: Final = Opening("notify", (), "booklet")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of mail.

    opening: what the link opens; None where there is no page to lead to.
    deadline: the fact that holds the instant the mail speaks of; the link outlives it.
    asks: the mail asks for an act, so it is dropped when the deadline has passed before it could be sent.
    manager_opening: where the manager's link leads elsewhere than the others'.
    held: whether a coordinator may hold it; what somebody waits for at a screen never is.
    names, bodies: whose names and workplaces the text needs, as roles of `plan.Subjects`.
    """

    name: str
    opening: Opening | None
    deadline: str | None = None
    asks: bool = False
    manager_opening: Opening | None = None
    held: bool = True
    names: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    calendar: Literal["REQUEST", "CANCEL"] | None = None

    def opening_for(self, party: str) -> Opening | None:
        """What this party's link opens; None for a mail without a link."""
        return self.manager_opening if party == "manager" and self.manager_opening else self.opening


def _of_sign_up(name: str, opening: Opening, *, asks: bool = False, names: tuple[str, ...] = ()) -> Kind:
    return Kind(name, opening, deadline="respond_by", asks=asks, held=False, names=names)


def _of_placement(
    name: str,
    opening: Opening,
    *,
    deadline: str | None = None,
    asks: bool = False,
    manager: Opening | None = None,
    calendar: Literal["REQUEST", "CANCEL"] | None = None,
) -> Kind:
    both = ("intern", "host")
    return Kind(
        name,
        opening,
        deadline=deadline,
        asks=asks,
        manager_opening=manager,
        names=both,
        bodies=both,
        calendar=calendar,
    )


def _by_name(kinds: Sequence[Kind]) -> dict[str, Kind]:
    return {kind.name: kind for kind in kinds}


PHASE_OF: Final[dict[str, Phase]] = {
    "prepare_before": "before",
    "prepare_during": "during",
    "prepare_after": "after",
    "agreement_signed": "before",
}
"""The booklet's phase that a kind of mail has the list of; the mail about a signing has it only where `told_now` says so."""

KINDS: Final[dict[str, Kind]] = _by_name(
    [
        _of_sign_up("confirm_address", CONFIRM, asks=True),
        _of_sign_up("sign_up_expired", FRONT_PAGE),
        _of_sign_up("consent_wanted", CONSENT, asks=True, names=("asker",)),
        _of_sign_up("consent_reminder", CONSENT, asks=True, names=("asker",)),
        _of_sign_up("consent_refused", FRONT_PAGE),
        _of_sign_up("companion_invited", INVITED, asks=True, names=("asker",)),
        _of_sign_up("pair_confirmation", PAIR, asks=True, names=("asker",)),
        _of_sign_up("host_asked", INVITED, asks=True, names=("asker",)),
        _of_sign_up("new_link", FOUND),
        _of_sign_up("draft_saved", DRAFT, asks=True),
        Kind("sign_in", BOARD, deadline="respond_by", asks=True, held=False),
        Kind("registered", OVERVIEW, bodies=("own",)),
        Kind("withdrawn", OVERVIEW, bodies=("own",)),
        _of_placement("proposal", ANSWER, deadline="answer_by", asks=True),
        _of_placement("answer_reminder", ANSWER, deadline="answer_by", asks=True),
        _of_placement("accepted_wait", ANSWER, deadline="answer_by", asks=True),
        _of_placement("declined", OVERVIEW),
        _of_placement("expired", OVERVIEW),
        _of_placement("proposal_withdrawn", OVERVIEW),
        Kind("not_found", OVERVIEW, bodies=("own",)),
        Kind("still_looking", OVERVIEW, bodies=("own",)),
        _of_placement("agreement_draft", AGREEMENT, deadline="sign_by", asks=True),
        _of_placement("agreement_changed", AGREEMENT, deadline="sign_by", asks=True),
        _of_placement("sign_reminder", AGREEMENT, deadline="sign_by", asks=True),
        _of_placement("agreement_refused", AGREEMENT, deadline="sign_by"),
        _of_placement("agreement_signed", AGREEMENT_AND_STAY, deadline="stay_over", calendar="REQUEST"),
        _of_placement("agreement_lapsed", OVERVIEW, manager=AGREEMENT),
        _of_placement("agreement_cancelled", OVERVIEW, manager=AGREEMENT, calendar="CANCEL"),
        _of_placement("prepare_before", BOOKLET, deadline="stay_begins", asks=True),
        _of_placement("prepare_during", BOOKLET, deadline="stay_over", asks=True),
        _of_placement("prepare_after", BOOKLET),
        _of_placement("last_day", STAY, deadline="stay_over", asks=True),
        _of_placement("not_held", OVERVIEW, manager=AGREEMENT),
        _of_placement("evaluation_wanted", EVALUATE, deadline="answer_by", asks=True),
        _of_placement("evaluation_reminder", EVALUATE, deadline="answer_by", asks=True),
        Kind("report_published", REPORT, held=False),
        Kind("webhook_paused", None, deadline="since", held=False),
    ]
)
"""Every kind by its name."""
