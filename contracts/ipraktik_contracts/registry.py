"""Which event stands behind a CloudEvents type. The one list that encoding, decoding and the published schemas go by."""

import re
from typing import Final

from . import events
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


def split_type(ce_type: str) -> tuple[str, int] | None:
    """Event name and major version of one of our types; None for a type that is not ours."""
    prefix, _, version = ce_type.rpartition(".v")
    if not prefix.startswith(TYPE_PREFIX + ".") or not re.fullmatch("[0-9]{1,9}", version):
        return None
    return prefix.removeprefix(TYPE_PREFIX + "."), int(version)
