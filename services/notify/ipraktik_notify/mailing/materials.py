"""What a batch of mails is written from, fetched at once, and the values that a template sees. Nothing here is stored.

A party that was erased meanwhile is spoken of by its role. A template sees every value always, so no mail can name what another
one has and it lacks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from ipraktik_chassis.transaction import Connection
from ipraktik_contracts.codes import PARTIES
from ipraktik_notify.domain import words
from ipraktik_notify.domain.booklet import BOOKLET, ROLE_OF_PARTY
from ipraktik_notify.domain.kinds import KINDS, PHASE_OF
from ipraktik_notify.domain.trouble import TROUBLE
from ipraktik_notify.store import course, people, webhooks
from ipraktik_notify.store.queue import Claimed

_ROLE_WORDS: Final = {
    "intern": {"da": "praktikanten", "en": "the intern"},
    "host": {"da": "værten", "en": "the host"},
    "place": {"da": "en anden arbejdsplads", "en": "another workplace"},
}


@dataclass(frozen=True, slots=True)
class Materials:
    """What is known for a batch of mails."""

    recipients: Mapping[UUID, people.Contact]
    own: Mapping[UUID, people.Contact]
    participants: Mapping[UUID, people.Participant]
    editions: Mapping[UUID, course.Edition]
    aggregates: Mapping[UUID, tuple[str, str]]
    sign_ins: Mapping[UUID, str] = field(default_factory=dict)
    """By mail, what goes into the link that signs a coordinator in."""


async def gather_materials(conn: Connection, *, mails: Sequence[Claimed]) -> Materials:
    """Five statements for the whole batch, and one more where owners of webhooks are among the recipients."""
    sign_ups = {
        id
        for mail in mails
        for id in (mail.participant_id, mail.intern_id, mail.host_id, mail.aggregate_id)
        if id is not None
    }
    recipients = await people.contacts_by_id(conn, contact_ids=[mail.contact_id for mail in mails])
    if owned := [mail.contact_id for mail in mails if mail.party == "owner"]:
        recipients |= await webhooks.owners(conn, webhook_ids=owned)
    sign_ups |= {contact.participant_id for contact in recipients.values()}
    return Materials(
        recipients=recipients,
        own=await people.own_contacts(conn, participant_ids=list(sign_ups)),
        participants=await people.participants(conn, participant_ids=list(sign_ups)),
        editions=await course.editions(conn, edition_ids=[m.edition_id for m in mails if m.edition_id]),
        aggregates=await course.aggregates(conn, ids=[m.aggregate_id for m in mails if m.aggregate_id]),
    )


def values_for(
    mail: Claimed, materials: Materials, *, recipient: people.Contact, now: datetime
) -> dict[str, Any]:
    """Every value that a template may use, for this mail in its recipient's language."""
    language = recipient.language
    facts = mail.facts
    intern, host = materials.own.get(mail.intern_id or _NOBODY), materials.own.get(mail.host_id or _NOBODY)
    asker = _asker(mail, materials, recipient)
    own = materials.participants.get(mail.participant_id or _NOBODY)
    edition = materials.editions.get(mail.edition_id or (own.edition_id if own else _NOBODY))
    kind = KINDS[mail.kind]
    instant = facts.get(kind.deadline) if kind.deadline else None
    by = datetime.fromisoformat(instant) if instant else None
    days = ""
    if "first_day" in facts and "last_day" in facts:
        first, last = (date.fromisoformat(facts[name]) for name in ("first_day", "last_day"))
        days = words.days(first, last, language)
    return {
        "kind": mail.kind,
        "language": language,
        "party": _party(mail, own),
        "signed_up_as": _signed_up_as(mail, materials),
        "relation": recipient.relation,
        "facts": facts,
        "reason": facts.get("reason", ""),
        "version": facts.get("version", 1),
        "standing": facts.get("standing_version") or facts.get("signed_version"),
        "signed_before": facts.get("signed_version") is not None,
        "silent": facts.get("silent", []),
        "missing": [PARTIES[party].in_language(language).lower() for party in facts.get("missing", [])],
        "said_by": facts.get("by") or facts.get("party") or "",
        "wave": facts.get("wave", ""),
        "revision": facts.get("revision", 1),
        "reserve": mail.party == "reserve",
        "told_now": bool(facts.get("told_now")),
        "list_comes": bool(facts.get("list_comes")),
        "several": facts.get("together", 1) > 1,
        **_list(mail, language),
        "trouble": TROUBLE[facts["outcome"]][language] if "outcome" in facts else "",
        "name": words.one_line(recipient.name),
        "asker": words.one_line(asker.name) if asker else "",
        "intern": _name(intern, "intern", language),
        "host": _name(host, "host", language),
        "intern_place": _place(mail.intern_id, intern, materials, language),
        "host_place": _place(mail.host_id, host, materials, language),
        "intern_email": intern.email if intern else "",
        "host_email": host.email if host else "",
        "edition": words.one_line(edition.name) if edition else "",
        "edition_days": words.days(edition.first_day, edition.last_day, language) if edition else "",
        "campaign": edition is None or edition.mode == "campaign",
        "days": days,
        "by": words.deadline(by, language) if by else "",
        "by_short": words.short_day(by, language) if by else "",
    }


_NOBODY: Final = UUID(int=0)


def _list(mail: Claimed, language: str) -> dict[str, tuple[str, ...]]:
    """The booklet's advice and questions for this party, where the kind has a list."""
    phase, role = PHASE_OF.get(mail.kind), ROLE_OF_PARTY.get(mail.party)
    if phase is None or role is None:
        return {"advice": (), "questions": ()}
    items = BOOKLET[role, phase]
    return {
        "advice": tuple(item.words(language).text for item in items.advice),
        "questions": tuple(item.words(language).text for item in items.questions),
    }


def _asker(mail: Claimed, materials: Materials, recipient: people.Contact) -> people.Contact | None:
    """Who stands behind the question: of the sign-ups it names, the one that is not the recipient's own."""
    for id in (mail.participant_id, mail.aggregate_id, recipient.participant_id):
        contact = materials.own.get(id or _NOBODY)
        if contact is not None and contact.contact_id != recipient.contact_id:
            return contact
    return None


def _party(mail: Claimed, own: people.Participant | None) -> str:
    """intern, manager or host (for whom the reserve stands in); for a sign-up of one's own by its role, where that is known."""
    if mail.party == "reserve":
        return "host"
    if mail.party in PARTIES:
        return mail.party
    return (own.role if own else None) or "intern"


def _signed_up_as(mail: Claimed, materials: Materials) -> str:
    """intern or host, from the sign-up or from what its contacts tell before it is valid; empty where neither says."""
    id = mail.participant_id or _NOBODY
    own, contact = materials.participants.get(id), materials.own.get(id)
    return (own.role if own else None) or (contact.role if contact else None) or ""


def _name(contact: people.Contact | None, role: str, language: str) -> str:
    return (words.one_line(contact.name) if contact else "") or _ROLE_WORDS[role][language]


def _place(
    participant_id: UUID | None, contact: people.Contact | None, materials: Materials, language: str
) -> str:
    """The unit and its organisation."""
    participant = materials.participants.get(participant_id or _NOBODY)
    organisation = words.one_line(participant.organisation_name or "") if participant else ""
    unit = words.one_line(contact.unit_name) if contact else ""
    if unit and organisation and unit != organisation:
        return f"{unit}, {organisation}"
    return unit or organisation or _ROLE_WORDS["place"][language]
