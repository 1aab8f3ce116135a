"""Subscriptions: which event leads to which use case. Notify listens to everything and says nothing."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from ipraktik_chassis.subscriptions import Subscriptions
from ipraktik_contracts import events
from ipraktik_notify.usecases.keep_what_was_said import keep_what_was_said
from ipraktik_notify.usecases.when_asked_to_sign_in import when_asked_to_sign_in
from ipraktik_notify.usecases.when_asked_to_write import when_asked_to_write
from ipraktik_notify.usecases.when_contact_changed import when_contact_changed
from ipraktik_notify.usecases.when_contacts_erased import when_contacts_erased
from ipraktik_notify.usecases.when_edition_changed import when_edition_changed
from ipraktik_notify.usecases.when_evaluation_moved import when_evaluation_moved
from ipraktik_notify.usecases.when_no_place_was_found import when_no_place_was_found
from ipraktik_notify.usecases.when_placement_moved import when_placement_moved
from ipraktik_notify.usecases.when_report_published import when_report_published
from ipraktik_notify.usecases.when_sign_up_changed import when_sign_up_changed
from ipraktik_notify.usecases.when_sign_up_erased import when_sign_up_erased

_PLACEMENT_EVENTS = (
    events.MatchProposed,
    events.MatchAccepted,
    events.MatchDeclined,
    events.MatchExpired,
    events.MatchWithdrawn,
    events.AgreementDrafted,
    events.AgreementApproved,
    events.AgreementRefused,
    events.AgreementSigned,
    events.AgreementAmended,
    events.AgreementLapsed,
    events.AgreementCancelled,
    events.InternshipCompleted,
    events.InternshipNotHeld,
)
_REQUESTS = (
    events.ConfirmationRequested,
    events.SignUpExpired,
    events.ConsentRequested,
    events.ConsentGiven,
    events.ConsentRefused,
    events.CompanionInvited,
    events.PairConfirmationRequested,
    events.HostAsked,
    events.LinkRequested,
    events.DraftSaved,
)


def subscriptions(*, coordinators: Sequence[UUID]) -> Subscriptions:
    """Everything that notify hears. `coordinators` are the ids of the configured addresses."""
    heard = Subscriptions(witness=keep_what_was_said)
    heard.on(events.EditionChanged, when_edition_changed)
    heard.on(events.ParticipantRegistered, when_sign_up_changed)
    heard.on(events.ParticipantUpdated, when_sign_up_changed)
    heard.on(events.ParticipantWithdrawn, when_sign_up_changed)
    heard.on(events.ParticipantErased, when_sign_up_erased)
    heard.on(events.ContactChanged, when_contact_changed)
    heard.on_erasure(events.ContactChanged, when_contacts_erased)
    for event in _PLACEMENT_EVENTS:
        heard.on(event, when_placement_moved)
    heard.on(events.MatchNotFound, when_no_place_was_found)
    heard.on(events.EvaluationRequested, when_evaluation_moved)
    heard.on(events.EvaluationSubmitted, when_evaluation_moved)
    heard.on(events.EvaluationExpired, when_evaluation_moved)
    heard.on(events.ReportPublished, partial(when_report_published, coordinators=coordinators))
    heard.on(events.SignInRequested, partial(when_asked_to_sign_in, coordinators=frozenset(coordinators)))
    for request in _REQUESTS:
        heard.on(request, when_asked_to_write)
    return heard
