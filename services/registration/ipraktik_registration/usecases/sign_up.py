"""Somebody signs up, as intern or host: the hot path, one statement and one round trip.

Nothing is valid yet: the address is to be confirmed first. The answer never tells whether the address is known; somebody who
is signed up already learns it on confirming. The same key with the same body is the same sign-up, however often it is sent.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from ipraktik_chassis import tracing
from ipraktik_chassis.cause import current_cause, new_cause
from ipraktik_chassis.ids import new_id
from ipraktik_chassis.outbox import OutboxRecord
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import CloudEvent, encode
from ipraktik_contracts.events import ConfirmationRequested, Event
from ipraktik_registration.domain import names
from ipraktik_registration.domain.details import Details
from ipraktik_registration.domain.life import SILENCE, Role
from ipraktik_registration.domain.refusals import Refused
from ipraktik_registration.store import registry, sign_ups
from ipraktik_registration.store.contacts import Contact
from ipraktik_registration.usecases.speaking import contact_changed, request

_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Receipt:
    """What whoever signs up is told."""

    participant_id: UUID
    reference: str
    confirm_by: datetime
    fresh: bool


async def sign_up(
    conn: Any,
    *,
    now: datetime,
    origin: Origin,
    role: Role,
    edition_id: UUID | None,
    details: Details,
    key: UUID,
    fingerprint: bytes,
    on_behalf: str | None = None,
) -> Receipt:
    """Take the sign-up in, on a connection without a transaction of its own. Raises Refused.

    `on_behalf` names the coordinator who writes for the person; the person still confirms.
    """
    for mention in details.mentions:
        if mention.other_id is not None:
            hosts_edition = await registry.edition_of_host(conn, participant_id=mention.other_id)
            if hosts_edition is None or edition_id not in (None, hosts_edition):
                raise Refused("host_in_mind_unknown")
            edition_id = hosts_edition
    participant_id = new_id(now)
    people = people_of(participant_id, details, now=now)
    respond_by = now + SILENCE
    events = first_events(participant_id, role, details, people, now=now, respond_by=respond_by)
    records = first_records(events, now=now, origin=origin)
    began, cause = tracing.instant(), current_cause()
    for attempt in range(_ATTEMPTS):
        reference = names.reference(secrets.token_bytes(names.REFERENCE_BYTES))
        try:
            editions, taken = await sign_ups.take_in(
                conn,
                edition_id=edition_id,
                now=now,
                participant_id=participant_id,
                role=role,
                reference=reference,
                key=key,
                fingerprint=fingerprint,
                respond_by=respond_by,
                details=details,
                people=people,
                numbered=[(event.TOPIC, event.key) for event in events],
                records=records,
                on_behalf=on_behalf,
            )
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name != "participant_reference_key" or attempt == _ATTEMPTS - 1:
                raise
            continue
        if taken:
            if tracing.active() and cause is not None:
                told = [(cause.traceparent, type(event).__name__) for event in events]
                tracing.committed(told, started=began)
            return Receipt(participant_id, reference, respond_by, fresh=True)
        return await _taken_before(
            conn, key=key, role=role, fingerprint=fingerprint, edition_id=edition_id, editions=editions
        )
    raise AssertionError("unreachable: the last attempt returns or raises")


def people_of(participant_id: UUID, details: Details, *, now: datetime) -> list[Contact]:
    """The contacts that come to be with a sign-up."""
    return [
        Contact(new_id(now), participant_id, relation, person.name, person.email, person.language)
        for relation, person in details.people.items()
    ]


def first_events(
    participant_id: UUID,
    role: Role,
    details: Details,
    people: list[Contact],
    *,
    now: datetime,
    respond_by: datetime,
) -> list[Event]:
    """What is said when a sign-up is taken in: who its people are, and that the address is to be confirmed."""
    events: list[Event] = [contact_changed(one, role=role, told=details) for one in people]
    own_id = next(one.contact_id for one in people if one.relation == "self")
    asked = request(
        ConfirmationRequested,
        now=now,
        participant_id=participant_id,
        contact_id=own_id,
        respond_by=respond_by,
    )
    return [*events, asked]


def first_records(events: list[Event], *, now: datetime, origin: Origin) -> list[OutboxRecord]:
    """As `Transaction.emit` would write them; each event is the first of its key."""
    cause = current_cause() or new_cause()
    records = []
    for event in events:
        event_id = new_id(now)
        made = encode(
            CloudEvent(
                id=event_id,
                source=origin.source,
                time=now,
                sequence=1,
                data=event,
                correlation_id=cause.correlation_id,
                causation_id=cause.causation_id,
                traceparent=cause.traceparent,
            )
        )
        records.append(
            OutboxRecord(origin.topic_namespace + made.topic, made.key, made.headers, made.value, event_id)
        )
    return records


async def _taken_before(
    conn: Any, *, key: UUID, role: Role, fingerprint: bytes, edition_id: UUID | None, editions: int
) -> Receipt:
    known = await sign_ups.by_key(conn, key=key)
    if known is not None:
        if known.role != role or known.fingerprint != fingerprint or known.reference is None:
            raise Refused("key_used_otherwise")
        return Receipt(known.participant_id, known.reference, known.created_at + SILENCE, fresh=False)
    if edition_id is None:
        raise Refused("no_edition_open" if editions == 0 else "editions_ambiguous")
    exists = await sign_ups.edition_exists(conn, edition_id=edition_id)
    raise Refused("window_closed" if exists else "unknown_edition_id")
