"""One example of every event: one intern's way through the programme, and beside it the ways that end early. Nobody is real.

Deterministic: the same build makes the same bytes, so committed examples can be compared with what the classes say.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from . import events
from .envelope import CloudEvent, source_urn
from .events import Event
from .fields import Days, Period, Window, Wishes, Workplace

_FIRST: Final = datetime(2018, 4, 3, 7, 0, tzinfo=UTC)


def _id(number: int) -> UUID:
    """A UUIDv7 that always comes out the same."""
    milliseconds = int(_FIRST.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62 | number)


_EDITION, _INTERN, _HOST, _COMPANION = _id(1), _id(2), _id(3), _id(4)
_RUN, _CONTACT, _MANAGER = _id(5), _id(6), _id(7)
_EVALUATION, _UNANSWERED = _id(8), _id(9)
_FINGERPRINT: Final = "3f" * 32
_AMENDED_FINGERPRINT: Final = "9c" * 32
_MONDAY, _FRIDAY = date(2018, 9, 10), date(2018, 9, 14)

_SIGN_UP: Final[dict[str, Any]] = {
    "participant_id": _INTERN,
    "edition_id": _EDITION,
    "role": "intern",
    "workplace": Workplace(
        organisation_id=_id(20),
        workplace_id=_id(21),
        organisation_name="Frederikshavn Kommune",
        sector="municipal",
        ownership="public",
        municipality_code="0813",
        country="DK",
        ministerial_area=None,
    ),
    "field": "libraries",
    "wishes": Wishes(
        fields=("culture", "digital"), sectors=("municipal", "private"), areas=("region:midtjylland",)
    ),
    "journey_type": "business_traveller",
    "days": Days(min=3, max=4),
    "available": (Period(first_day=_MONDAY, last_day=_FRIDAY),),
    "companion_id": _COMPANION,
    "lot": "a7" * 32,
}


def _placement(number: int) -> dict[str, Any]:
    return {
        "placement_id": _id(number),
        "edition_id": _EDITION,
        "intern_id": _INTERN,
        "host_id": _HOST,
        "group_id": None,
    }


_OURS: Final = _placement(10)
_ANSWER: Final[dict[str, Any]] = {
    "edition_id": _EDITION,
    "placement_id": _OURS["placement_id"],
    "party": "intern",
    "wave": "after",
    "question_set_version": 1,
    "answer_by": datetime(2018, 10, 8, 21, 59, tzinfo=UTC),
}


def _request(number: int, contact_id: UUID = _CONTACT, *, answer: bool = True) -> dict[str, Any]:
    return {
        "request_id": _id(number),
        "participant_id": _INTERN,
        "contact_id": contact_id,
        "aggregate_id": _INTERN,
        "respond_by": datetime(2018, 5, 1, 21, 59, tzinfo=UTC) if answer else None,
    }


# (sequence within the aggregate, days after the first example, event)
_TOLD: Final[tuple[tuple[int, int, Event], ...]] = (
    (
        1,
        0,
        events.EditionChanged(
            edition_id=_EDITION,
            name="Uge 37, 2018",
            mode="campaign",
            window=Window(
                opens_at=datetime(2018, 4, 3, 7, 0, tzinfo=UTC),
                closes_at=datetime(2018, 6, 8, 22, 0, tzinfo=UTC),
            ),
            dates=Period(first_day=_MONDAY, last_day=_FRIDAY),
            answer_days=7,
            sign_days=21,
            follow_up=3,
            hold_mails=False,
        ),
    ),
    (1, 14, events.ParticipantRegistered(**_SIGN_UP)),
    (2, 20, events.ParticipantUpdated(**_SIGN_UP | {"days": Days(min=2, max=4)})),
    (
        3,
        21,
        events.ParticipantWithdrawn(participant_id=_COMPANION, edition_id=_EDITION, reason="workplace"),
    ),
    (4, 300, events.ParticipantErased(participant_id=_COMPANION, edition_id=_EDITION)),
    (
        1,
        70,
        events.MatchProposed(
            **_OURS,
            run_id=_RUN,
            origin="matched",
            first_day=_MONDAY,
            last_day=date(2018, 9, 12),
            answer_by=datetime(2018, 6, 19, 21, 59, tzinfo=UTC),
            reasons=("field", "area"),
        ),
    ),
    (3, 72, events.MatchAccepted(**_OURS, party="host", both=True)),
    (2, 72, events.MatchDeclined(**_placement(11), party="host", reason="dates")),
    (2, 77, events.MatchExpired(**_placement(12), silent=("intern",))),
    (2, 71, events.MatchWithdrawn(**_placement(13), reason="intern_withdrew")),
    (
        1,
        70,
        events.MatchNotFound(
            participant_id=_COMPANION,
            edition_id=_EDITION,
            run_id=_RUN,
            reason="no_free_place",
            final=False,
        ),
    ),
    (
        4,
        73,
        events.AgreementDrafted(
            **_OURS,
            version=1,
            fingerprint=_FINGERPRINT,
            first_day=_MONDAY,
            last_day=date(2018, 9, 12),
            sign_by=datetime(2018, 7, 6, 21, 59, tzinfo=UTC),
        ),
    ),
    (5, 75, events.AgreementApproved(**_OURS, party="intern", version=1, fingerprint=_FINGERPRINT)),
    (5, 76, events.AgreementRefused(**_placement(14), party="manager", version=1, reason="cover")),
    (
        7,
        80,
        events.AgreementSigned(
            **_OURS,
            version=1,
            fingerprint=_FINGERPRINT,
            first_day=_MONDAY,
            last_day=date(2018, 9, 12),
        ),
    ),
    (
        8,
        120,
        events.AgreementAmended(
            **_OURS,
            version=2,
            standing_version=1,
            fingerprint=_AMENDED_FINGERPRINT,
            changed=("last_day",),
            sign_by=datetime(2018, 8, 20, 21, 59, tzinfo=UTC),
        ),
    ),
    (9, 140, events.AgreementLapsed(**_OURS, version=2, missing=("manager", "host"), standing_version=1)),
    (8, 130, events.AgreementCancelled(**_placement(15), by="host", reason="workplace")),
    (
        10,
        163,
        events.InternshipCompleted(
            **_OURS, first_day=_MONDAY, last_day=date(2018, 9, 12), decided_by="intern"
        ),
    ),
    (8, 163, events.InternshipNotHeld(**_placement(16), by="intern", reason="intern_prevented")),
    (1, 163, events.EvaluationRequested(evaluation_id=_EVALUATION, **_ANSWER)),
    (2, 166, events.EvaluationSubmitted(evaluation_id=_EVALUATION, **_ANSWER)),
    (2, 188, events.EvaluationExpired(evaluation_id=_UNANSWERED, **_ANSWER | {"party": "manager"})),
    (
        1,
        290,
        events.ReportPublished(
            edition_id=_EDITION,
            revision=1,
            indicators=(
                events.Indicator(code="concrete_use", n=58, share=0.7586),
                events.Indicator(code="in_contact_afterwards", n=3, share=None),
            ),
        ),
    ),
    (
        1,
        13,
        events.ContactChanged(
            contact_id=_CONTACT,
            participant_id=_INTERN,
            relation="self",
            name="Eksempel Praktikant",
            email="praktikant@example.org",
            language="da",
            epoch=1,
            motivation="Jeg vil se, hvordan andre låner bøger ud.",
        ),
    ),
    (1, 13, events.ConfirmationRequested(**_request(30))),
    (2, 27, events.SignUpExpired(**_request(31, answer=False))),
    (2, 13, events.ConsentRequested(**_request(32, _MANAGER))),
    (3, 14, events.ConsentGiven(**_request(33, answer=False))),
    (3, 14, events.ConsentRefused(**_request(34, answer=False))),
    (4, 14, events.CompanionInvited(**_request(35, _id(40)))),
    (5, 14, events.PairConfirmationRequested(**_request(36, _id(41)))),
    (6, 14, events.HostAsked(**_request(37, _id(42)))),
    (1, 12, events.DraftSaved(**_request(38, answer=False))),
    (7, 15, events.LinkRequested(**_request(39, answer=False))),
    (1, 1, events.SignInRequested(**_request(43, answer=False))),
)


def example_envelopes() -> tuple[CloudEvent, ...]:
    """Every event once, in its envelope."""
    return tuple(
        CloudEvent(
            id=_id(1000 + place),
            source=source_urn("coi", event.OWNER),
            time=_FIRST + timedelta(days=days),
            sequence=sequence,
            data=event,
            correlation_id=f"{place:032x}",
            traceparent=f"00-{place + 1:032x}-{place + 1:016x}-01",
        )
        for place, (sequence, days, event) in enumerate(_TOLD)
    )
