"""What kind of data each field holds. One list, so that whoever answers for data protection reads it in one sitting.

Invariants: every field of every event has exactly one class; a class that is not `public` stands on internal topics only.
The class is published with each field as `x-data-class` and does not change within a major version.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel

from . import events, fields
from .events import Event
from .events.evaluations import Indicator

Name = Literal[
    "identifier",
    "pseudonym",
    "organisation",
    "programme",
    "time",
    "profile",
    "course",
    "statistic",
    "contact",
]


@dataclass(frozen=True, slots=True)
class DataClass:
    """A kind of data: what it means, and whether it may stand on a public topic."""

    name: Name
    meaning: str
    public: bool = True


CLASSES: Final[Mapping[str, DataClass]] = {
    one.name: one
    for one in (
        DataClass(
            "identifier", "An opaque id of something that is no person: edition, run, organisation, unit."
        ),
        DataClass(
            "pseudonym",
            "An opaque id that stands for a sign-up or something of one. Who is behind it is known to its owner only.",
        ),
        DataClass("organisation", "A fact about an organisation or a unit, not about who works there."),
        DataClass(
            "programme", "A frame or a term that the programme sets: modes, counts, versions, fingerprints."
        ),
        DataClass("time", "A day or an instant. It tells of somebody only through the field that holds it."),
        DataClass(
            "profile",
            "What a sign-up says of itself: role, field of work, wishes, days. In codes and numbers, never free text.",
        ),
        DataClass(
            "course",
            "What happened to a sign-up, a placement or an evaluation: who, yes or no, reason as a code.",
        ),
        DataClass("statistic", "A figure about many; small groups are left out."),
        DataClass(
            "contact", "A name, an address or a text of one person. Never on a public topic.", public=False
        ),
    )
}

_PLACEMENT: Final[Mapping[str, Name]] = {
    "placement_id": "pseudonym",
    "edition_id": "identifier",
    "intern_id": "pseudonym",
    "host_id": "pseudonym",
    "group_id": "pseudonym",
}
_SIGN_UP: Final[Mapping[str, Name]] = {"participant_id": "pseudonym", "edition_id": "identifier"}
_BODY: Final[Mapping[str, Name]] = {
    **_SIGN_UP,
    "role": "profile",
    "workplace": "organisation",
    "field": "profile",
    "wishes": "profile",
    "journey_type": "profile",
    "days": "profile",
    "available": "profile",
    "capacity": "profile",
    "companion_id": "pseudonym",
    "self_found_with": "pseudonym",
    "host_in_mind_id": "pseudonym",
    "unplaced_before": "profile",
    "lot": "pseudonym",
}
_EVALUATION: Final[Mapping[str, Name]] = {
    "evaluation_id": "pseudonym",
    "edition_id": "identifier",
    "placement_id": "pseudonym",
    "party": "course",
    "wave": "programme",
    "question_set_version": "programme",
    "answer_by": "time",
}
_REQUEST: Final[Mapping[str, Name]] = {
    "request_id": "identifier",
    "participant_id": "pseudonym",
    "contact_id": "pseudonym",
    "aggregate_id": "pseudonym",
    "respond_by": "time",
}
_VERSION: Final[Mapping[str, Name]] = {"version": "programme", "fingerprint": "programme"}
_DAYS: Final[Mapping[str, Name]] = {"first_day": "time", "last_day": "time"}

DATA_CLASSES: Final[Mapping[type[BaseModel], Mapping[str, Name]]] = {
    # values inside events
    fields.Period: _DAYS,
    fields.Window: {"opens_at": "time", "closes_at": "time"},
    fields.Days: {"min": "profile", "max": "profile"},
    fields.Workplace: {
        "organisation_id": "identifier",
        "workplace_id": "identifier",
        "organisation_name": "organisation",
        "sector": "organisation",
        "ownership": "organisation",
        "municipality_code": "organisation",
        "country": "organisation",
        "ministerial_area": "organisation",
    },
    fields.Wishes: {
        "fields": "profile",
        "sectors": "profile",
        "areas": "profile",
        "own_organisation": "profile",
    },
    Indicator: {"code": "statistic", "n": "statistic", "share": "statistic"},
    # participants
    events.EditionChanged: {
        "edition_id": "identifier",
        "name": "programme",
        "mode": "programme",
        "window": "time",
        "dates": "time",
        "answer_days": "programme",
        "sign_days": "programme",
        "follow_up": "programme",
        "hold_mails": "programme",
    },
    events.ParticipantRegistered: _BODY,
    events.ParticipantUpdated: _BODY,
    events.ParticipantWithdrawn: {**_SIGN_UP, "reason": "course"},
    events.ParticipantErased: _SIGN_UP,
    # placements
    events.MatchProposed: {
        **_PLACEMENT,
        "run_id": "identifier",
        "origin": "course",
        **_DAYS,
        "answer_by": "time",
        "reasons": "course",
    },
    events.MatchAccepted: {**_PLACEMENT, "party": "course", "both": "course"},
    events.MatchDeclined: {**_PLACEMENT, "party": "course", "reason": "course"},
    events.MatchExpired: {**_PLACEMENT, "silent": "course"},
    events.MatchWithdrawn: {**_PLACEMENT, "reason": "course"},
    events.MatchNotFound: {**_SIGN_UP, "run_id": "identifier", "reason": "course", "final": "course"},
    events.AgreementDrafted: {**_PLACEMENT, **_VERSION, **_DAYS, "sign_by": "time"},
    events.AgreementApproved: {**_PLACEMENT, "party": "course", **_VERSION},
    events.AgreementRefused: {**_PLACEMENT, "party": "course", "version": "programme", "reason": "course"},
    events.AgreementSigned: {**_PLACEMENT, **_VERSION, **_DAYS},
    events.AgreementAmended: {
        **_PLACEMENT,
        **_VERSION,
        "standing_version": "programme",
        "changed": "course",
        "sign_by": "time",
    },
    events.AgreementLapsed: {
        **_PLACEMENT,
        "version": "programme",
        "missing": "course",
        "standing_version": "programme",
    },
    events.AgreementCancelled: {**_PLACEMENT, "by": "course", "reason": "course"},
    events.InternshipCompleted: {**_PLACEMENT, **_DAYS, "decided_by": "course"},
    events.InternshipNotHeld: {**_PLACEMENT, "by": "course", "reason": "course"},
    # evaluations
    events.EvaluationRequested: _EVALUATION,
    events.EvaluationSubmitted: _EVALUATION,
    events.EvaluationExpired: _EVALUATION,
    events.ReportPublished: {
        "edition_id": "identifier",
        "revision": "programme",
        "indicators": "statistic",
    },
    # internal
    events.ContactChanged: {
        "contact_id": "pseudonym",
        "participant_id": "pseudonym",
        "relation": "profile",
        "name": "contact",
        "email": "contact",
        "language": "contact",
        "epoch": "programme",
        "motivation": "contact",
        "offer": "contact",
        "job_title": "contact",
        "unit_name": "contact",
    },
    events.ConfirmationRequested: _REQUEST,
    events.SignUpExpired: _REQUEST,
    events.ConsentRequested: _REQUEST,
    events.ConsentGiven: _REQUEST,
    events.ConsentRefused: _REQUEST,
    events.CompanionInvited: _REQUEST,
    events.PairConfirmationRequested: _REQUEST,
    events.HostAsked: _REQUEST,
    events.DraftSaved: _REQUEST,
    events.LinkRequested: _REQUEST,
    events.SignInRequested: _REQUEST,
}

BY_NAME: Final[Mapping[str, Mapping[str, Name]]] = {
    model.__name__: classes for model, classes in DATA_CLASSES.items()
}


def classes_of(event_class: type[Event]) -> dict[str, Name]:
    """Data class by the path of the field, `workplace.sector`, of every field of the event and of the values in it."""
    return dict(_paths(event_class, ""))


def _paths(model: type[BaseModel], before: str) -> Iterator[tuple[str, Name]]:
    for name, data_class in DATA_CLASSES[model].items():
        yield f"{before}{name}", data_class
        for value in _values_in(model.model_fields[name].annotation):
            yield from _paths(value, f"{before}{name}.")


def _values_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _values_in(part)
