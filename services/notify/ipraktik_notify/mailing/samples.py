"""Sample mails: every kind with every variant of its facts, about people who do not exist. For the preview of templates, and for tests.

A kind that is missing here cannot be previewed; a test holds that none is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.domain.trouble import TROUBLE
from ipraktik_notify.mailing.materials import Materials
from ipraktik_notify.store.course import Edition
from ipraktik_notify.store.people import Contact, Participant
from ipraktik_notify.store.queue import Claimed

Facts = Mapping[str, Any]

NOW: Final = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)
_THREE: Final = ("intern", "manager", "host")
_TWO: Final = ("intern", "host")
_RESPOND: Final = {"respond_by": (NOW + timedelta(days=14)).isoformat()}
_ASKED: Final[list[Facts]] = [_RESPOND, {}]


def _reasons(*reasons: str) -> list[Facts]:
    return [{"reason": reason} for reason in reasons]


SAMPLES: Final[Mapping[str, tuple[tuple[str, ...], list[Facts]]]] = {
    "confirm_address": (("asked",), _ASKED),
    "sign_up_expired": (("asked",), _ASKED),
    "consent_wanted": (("asked",), _ASKED),
    "consent_reminder": (("asked",), _ASKED),
    "consent_refused": (("self",), _ASKED),
    "companion_invited": (("asked",), _ASKED),
    "pair_confirmation": (("asked",), _ASKED),
    "host_asked": (("asked",), _ASKED),
    "new_link": (("asked",), _ASKED),
    "draft_saved": (("asked",), _ASKED),
    "sign_in": (("coordinator",), [_RESPOND]),
    "registered": (("self",), [{"role": "intern"}, {"role": "host"}]),
    "withdrawn": (("self",), _reasons("own_wish", "workplace", "new_job", "coordinator", "other")),
    "proposal": (_TWO, [{}]),
    "answer_reminder": (_TWO, [{}]),
    "accepted_wait": (_TWO, [{"party": "host", "both": False}]),
    "declined": (_TWO, _reasons("dates", "distance", "field", "capacity", "workplace", "other")),
    "expired": (_TWO, [{"silent": ["host"]}, {"silent": ["intern"]}, {"silent": ["intern", "host"]}]),
    "proposal_withdrawn": (
        _TWO,
        _reasons("intern_withdrew", "host_withdrew", "erased", "companion_out", "coordinator"),
    ),
    "not_found": (("self",), _reasons("no_host_fits", "no_free_place", "companion_has_no_place")),
    "still_looking": (("self",), _reasons("no_free_place")),
    "agreement_draft": (_THREE, [{"version": 1}]),
    "agreement_changed": (
        _THREE,
        [{"version": 2}, {"version": 3, "standing_version": 2, "changed": ["dates"]}],
    ),
    "sign_reminder": (_THREE, [{"version": 1}, {"version": 2, "standing_version": 1}]),
    "agreement_refused": (
        _THREE,
        [
            {"party": party, "version": 1, "reason": reason}
            for party in _THREE
            for reason in ("dates", "terms", "cover", "other")
        ],
    ),
    "agreement_signed": (
        (*_THREE, "reserve"),
        [
            {"version": 1, "signed_version": 1, "list_comes": True},
            {"version": 1, "signed_version": 1, "told_now": True},
            {"version": 2, "signed_version": 2},
        ],
    ),
    "agreement_lapsed": (
        _THREE,
        [
            {"version": 1, "missing": ["manager"]},
            {"version": 2, "missing": list(_THREE), "standing_version": 1},
        ],
    ),
    "agreement_cancelled": (
        (*_THREE, "reserve"),
        [
            {"by": by, "reason": "dates", **signed}
            for by in (*_THREE, "coordinator", "programme")
            for signed in ({}, {"signed_version": 1})
        ],
    ),
    "prepare_before": (_THREE, [{}, {"together": 2}]),
    "prepare_during": (_THREE, [{}, {"together": 2}]),
    "prepare_after": (_THREE, [{}, {"together": 2}]),
    "last_day": (_TWO, [{}]),
    "not_held": (
        _THREE,
        [
            {"by": by, "reason": reason}
            for by in (*_THREE, "coordinator")
            for reason in ("intern_prevented", "host_prevented", "postponed", "other")
        ],
    ),
    "evaluation_wanted": (_THREE, [{"wave": "after"}, {"wave": "follow_up"}]),
    "evaluation_reminder": (_THREE, [{"wave": "after"}, {"wave": "follow_up"}]),
    "report_published": (("coordinator",), [{"revision": 1}, {"revision": 2}]),
    "webhook_paused": (
        ("owner",),
        [
            {
                "webhook_id": str(UUID(int=12)),
                "agency": "skat",
                "host": "events.skat.example",
                "outcome": outcome,
                "since": NOW.isoformat(),
            }
            for outcome in TROUBLE
        ],
    ),
}
"""kind -> (the parties it goes to, the variants of its facts). The first party and variant are the usual ones."""

_INTERN, _HOST, _EDITION, _PLACEMENT = (UUID(int=number) for number in (1, 2, 3, 4))
_NAMES: Final = {
    "intern": "Ida Praktikant",
    "manager": "Lis Leder",
    "host": "Bo Vært",
    "reserve": "Eva Reserve",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A mail as if it were claimed, and all that it is written from."""

    mail: Claimed
    materials: Materials
    recipient: Contact


def every() -> Iterator[tuple[str, str, Facts]]:
    """Every kind, party and variant."""
    for kind, (parties, variants) in SAMPLES.items():
        for party in parties:
            for facts in variants:
                yield kind, party, facts


def sample(
    kind: str,
    party: str,
    facts: Facts,
    *,
    language: str,
    known: bool = True,
    name: str | None = None,
    relation: str | None = None,
) -> Sample:
    """A sample. known: whether the other parties are; name: of everybody; relation: another one than the recipient's usual."""
    of_placement = KINDS[kind].bodies == ("intern", "host")
    people = {who: _contact(who, language, name) for who in _NAMES}
    recipient = _recipient(kind, party, people, language)
    if relation is not None:
        recipient = replace(recipient, relation=relation)
    usual: dict[str, Any] = {}
    if of_placement:
        usual = {
            "first_day": "2018-09-10",
            "last_day": "2018-09-14",
            "answer_by": (NOW + timedelta(days=14)).isoformat(),
            "sign_by": (NOW + timedelta(days=30)).isoformat(),
            "stay_begins": "2018-09-10T00:00:00+02:00",
            "stay_over": "2018-09-17T12:00:00+02:00",
        }
    in_edition = of_placement or party in ("self", "coordinator")
    mail = Claimed(
        id=UUID(int=5),
        fact_id=UUID(int=6),
        kind=kind,
        party=party,
        contact_id=recipient.contact_id,
        edition_id=_EDITION if in_edition else None,
        participant_id=recipient.participant_id,
        placement_id=_PLACEMENT if of_placement else None,
        intern_id=_INTERN if of_placement else None,
        host_id=_HOST if of_placement else None,
        aggregate_id=_HOST,
        subject_id=_PLACEMENT,
        facts={**usual, **facts},
        attempts=1,
    )
    sign_ups = {
        _INTERN: Participant(_INTERN, _EDITION, facts.get("role", "intern"), "Vejle Kommune", "registered"),
        _HOST: Participant(_HOST, _EDITION, "host", "Odense Kommune", "registered"),
    }
    edition = Edition(
        _EDITION, "Innovationspraktik 2018", "campaign", False, date(2018, 9, 10), date(2018, 9, 14)
    )
    materials = Materials(
        recipients={recipient.contact_id: recipient},
        own={_INTERN: people["intern"], _HOST: people["host"]} if known else {},
        participants=sign_ups if known else {},
        editions={_EDITION: edition},
        aggregates={},
    )
    return Sample(mail, materials, recipient)


def _contact(who: str, language: str, name: str | None) -> Contact:
    of_host = who in ("host", "reserve")
    return Contact(
        contact_id=UUID(int={"intern": 7, "manager": 8, "host": 9, "reserve": 10}[who]),
        participant_id=_HOST if of_host else _INTERN,
        relation="self" if who in ("intern", "host") else who,
        name=_NAMES[who] if name is None else name,
        email=f"{who}@example.org",
        language=language,
        unit_name="Biblioteket" if of_host else "Borgerservice",
        epoch=1,
        role="host" if of_host else "intern",
    )


def _recipient(kind: str, party: str, people: Mapping[str, Contact], language: str) -> Contact:
    if party in ("coordinator", "owner"):
        id = UUID(int=11)
        return Contact(id, id, party, "", f"{party}@example.org", language, "", 1)
    if kind in ("consent_wanted", "consent_reminder"):
        return people["manager"]
    if kind == "host_asked":
        return replace(people["host"], relation="invited", participant_id=_INTERN)
    return people.get(party, people["intern"])
