"""Which event stands behind a CloudEvents type, and what is promised of each. The one list that encoding, decoding, the
published documents and the gate go by.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from . import events
from .classification import Name, classes_of
from .events import Event
from .events.event import TYPE_PREFIX

EVENT_CLASSES: Final[tuple[type[Event], ...]] = (
    events.EditionChanged,
    events.ParticipantRegistered,
    events.ParticipantUpdated,
    events.ParticipantWithdrawn,
    events.ParticipantErased,
    events.MatchProposed,
    events.MatchAccepted,
    events.MatchDeclined,
    events.MatchExpired,
    events.MatchWithdrawn,
    events.MatchNotFound,
    events.AgreementDrafted,
    events.AgreementApproved,
    events.AgreementRefused,
    events.AgreementSigned,
    events.AgreementAmended,
    events.AgreementLapsed,
    events.AgreementCancelled,
    events.InternshipCompleted,
    events.InternshipNotHeld,
    events.EvaluationRequested,
    events.EvaluationSubmitted,
    events.EvaluationExpired,
    events.ReportPublished,
    events.ContactChanged,
    events.ConfirmationRequested,
    events.SignUpExpired,
    events.ConsentRequested,
    events.ConsentGiven,
    events.ConsentRefused,
    events.CompanionInvited,
    events.PairConfirmationRequested,
    events.HostAsked,
    events.DraftSaved,
    events.LinkRequested,
    events.SignInRequested,
)

BY_TYPE: Final[dict[str, type[Event]]] = {cls.ce_type(): cls for cls in EVENT_CLASSES}


FULL_TRANSITIVE: Final = "FULL_TRANSITIVE"
"""Within a major version what is written today is read by every reader ever released, and the other way round."""


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """What is promised of one type: whose it is, who may read it, what keeps its order, how it may change, what its fields hold."""

    event_class: type[Event]
    compatibility: str
    data_classes: Mapping[str, Name]

    @property
    def name(self) -> str:
        """The event's name, without the major version."""
        return self.event_class.__name__

    @property
    def ce_type(self) -> str:
        """The CloudEvents type, with the major version."""
        return self.event_class.ce_type()

    @property
    def topic(self) -> str:
        """The topic, without namespace."""
        return self.event_class.TOPIC

    @property
    def owner(self) -> str:
        """The only service that says it."""
        return self.event_class.OWNER

    @property
    def audience(self) -> str:
        """public, or internal: never granted."""
        return self.event_class.AUDIENCE

    @property
    def ordering_key(self) -> str:
        """The field that is the record's key: order is kept among events with the same one."""
        return self.event_class.KEY


REGISTRY: Final[Mapping[type[Event], TypeEntry]] = {
    cls: TypeEntry(cls, FULL_TRANSITIVE, classes_of(cls)) for cls in EVENT_CLASSES
}


def split_type(ce_type: str) -> tuple[str, int] | None:
    """Event name and major version of one of our types; None for a type that is not ours."""
    prefix, _, version = ce_type.rpartition(".v")
    if not prefix.startswith(TYPE_PREFIX + ".") or not re.fullmatch("[0-9]{1,9}", version):
        return None
    return prefix.removeprefix(TYPE_PREFIX + "."), int(version)
