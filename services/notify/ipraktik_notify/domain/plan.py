"""Which fact leads to which mails, and to whom. One table; what is not in it is listed with the reason why it gets no mail.

Facts are an event's fields as plain JSON, without a word of personal data. One mail per fact and recipient: a fact never plans
the same kind twice for one party.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Facts = Mapping[str, Any]
To = Callable[[Facts], tuple[str, ...]]
"""Whom a mail goes to: intern, manager, host, the host's reserve (of a placement), own (the sign-up's own contact), asked (the contact that a
request names), coordinators."""

PAIR_OF_PARTIES: Final = ("intern", "host")
ALL_PARTIES: Final = ("intern", "manager", "host")


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of mail and whom it goes to, given the facts; nobody is a fine answer."""

    kind: str
    to: To


def _always(*parties: str) -> To:
    return lambda _: parties


def _where(condition: Callable[[Facts], bool], *parties: str) -> To:
    return lambda facts: parties if condition(facts) else ()


def _all_but(said_by: str, parties: tuple[str, ...]) -> To:
    return lambda facts: tuple(party for party in parties if party != facts[said_by])


def _not_who_withdrew(facts: Facts) -> tuple[str, ...]:
    """Who withdrew the whole sign-up has a receipt for that already."""
    gone = {"intern_withdrew": "intern", "host_withdrew": "host"}.get(facts["reason"])
    return tuple(party for party in PAIR_OF_PARTIES if party != gone)


PLAN: Final[Mapping[str, tuple[Rule, ...]]] = {
    "ParticipantRegistered": (Rule("registered", _always("own")),),
    "ParticipantWithdrawn": (Rule("withdrawn", _always("own")),),
    # A self-found pair counts as accepted by both; its first mail is the agreement's.
    "MatchProposed": (
        Rule("proposal", _where(lambda facts: facts["origin"] != "self_found", *PAIR_OF_PARTIES)),
    ),
    # The first yes is told to the one who is still to answer; after the second the draft follows at once.
    "MatchAccepted": (
        Rule(
            "accepted_wait", lambda facts: () if facts["both"] else _all_but("party", PAIR_OF_PARTIES)(facts)
        ),
    ),
    "MatchDeclined": (Rule("declined", _all_but("party", PAIR_OF_PARTIES)),),
    "MatchExpired": (Rule("expired", _always(*PAIR_OF_PARTIES)),),
    "MatchWithdrawn": (Rule("proposal_withdrawn", _not_who_withdrew),),
    "MatchNotFound": (
        Rule("not_found", _where(lambda facts: bool(facts["final"]), "own")),
        Rule("still_looking", _where(lambda facts: not facts["final"], "own")),
    ),
    "AgreementDrafted": (
        Rule("agreement_draft", _where(lambda facts: facts["version"] == 1, *ALL_PARTIES)),
        Rule("agreement_changed", _where(lambda facts: facts["version"] > 1, *ALL_PARTIES)),
    ),
    "AgreementRefused": (Rule("agreement_refused", _all_but("party", ALL_PARTIES)),),
    # The reserve stands in for the host's contact: who comes when concerns them too.
    "AgreementSigned": (Rule("agreement_signed", _always(*ALL_PARTIES, "reserve")),),
    "AgreementAmended": (Rule("agreement_changed", _always(*ALL_PARTIES)),),
    "AgreementLapsed": (Rule("agreement_lapsed", _always(*ALL_PARTIES)),),
    # Who called it off gets the mail too: it takes the stay out of their calendar.
    "AgreementCancelled": (
        Rule("agreement_cancelled", _always(*ALL_PARTIES)),
        Rule("agreement_cancelled", _where(lambda facts: bool(facts.get("reserve_knows")), "reserve")),
    ),
    "InternshipNotHeld": (Rule("not_held", _all_but("by", ALL_PARTIES)),),
    "EvaluationRequested": (Rule("evaluation_wanted", lambda facts: (str(facts["party"]),)),),
    "ReportPublished": (Rule("report_published", _always("coordinators")),),
    "ConfirmationRequested": (Rule("confirm_address", _always("asked")),),
    "SignUpExpired": (Rule("sign_up_expired", _always("asked")),),
    "ConsentRequested": (Rule("consent_wanted", _always("asked")),),
    "ConsentRefused": (Rule("consent_refused", _always("own")),),
    "CompanionInvited": (Rule("companion_invited", _always("asked")),),
    "PairConfirmationRequested": (Rule("pair_confirmation", _always("asked")),),
    "HostAsked": (Rule("host_asked", _always("asked")),),
    "LinkRequested": (Rule("new_link", _always("asked")),),
    "DraftSaved": (Rule("draft_saved", _always("asked")),),
    "SignInRequested": (Rule("sign_in", _always("coordinators")),),
}

NO_MAIL: Final[Mapping[str, str]] = {
    "EditionChanged": "a frame, not news for anybody in particular; it says whether mails are held",
    "ParticipantUpdated": "the person has just done it and seen the page say so",
    "ParticipantErased": "nobody is left to write to",
    "AgreementApproved": "the party has seen the page say so; the third approval is told to all",
    "InternshipCompleted": "the wish for an evaluation follows and says thank you; the list for afterwards comes a day later",
    "EvaluationSubmitted": "the page says thank you",
    "EvaluationExpired": "silence is an answer too",
    "ContactChanged": "where mails go, not what they say",
    "ConsentGiven": "the receipt for the sign-up follows and says so",
}


def mails_for(event: str, facts: Facts) -> tuple[tuple[str, str], ...]:
    """(kind, recipient) of every mail the fact leads to."""
    return tuple((rule.kind, to) for rule in PLAN.get(event, ()) for to in rule.to(facts))
