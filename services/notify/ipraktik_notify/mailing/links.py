"""The one link of a mail: minted when the mail is written, for its recipient alone.

It lands on the act that its mail is about and opens everything of that person, so that nobody must find an older mail for the
next step. The act of the mail comes first; the acts on the person's own sign-up follow. Who is only invited, and who has but a
draft, gets that one act. A coordinator's link holds no token at all, but the half of one (`domain.sign_in_link`).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from ipraktik_chassis.links import Coordinator, Link
from ipraktik_notify.domain.booklet import ROLE_OF_PARTY
from ipraktik_notify.domain.kinds import (
    BOARD,
    DRAFT,
    INVITED,
    KINDS,
    PAIR,
    PERSON_ACTS,
    PHASE_OF,
    Opening,
)
from ipraktik_notify.domain.lifetimes import SIGN_IN, link_expiry
from ipraktik_notify.mailing.materials import Materials
from ipraktik_notify.settings import NotifySettings
from ipraktik_notify.store.people import Contact
from ipraktik_notify.store.queue import Claimed

NO_LINK: Final = "modtagerens-eget-link"
"""Stands where the secret of a link would, where a mail is only looked at."""


class Minter(Protocol):
    """What makes tokens: the signing key, or what stands in for it in a preview."""

    def link(self, link: Link) -> str: ...
    def coordinator(self, coordinator: Coordinator) -> str: ...


@dataclass(frozen=True, slots=True)
class LinkWriter:
    """Holds the signing key and the public addresses of the services."""

    minter: Minter
    settings: NotifySettings

    def address(
        self, mail: Claimed, materials: Materials, *, recipient: Contact, now: datetime
    ) -> str | None:
        """The address that the mail's button leads to; None for a mail without one."""
        kind = KINDS[mail.kind]
        opening = kind.opening_for(mail.party)
        if opening is None:
            return None
        if opening is PAIR and recipient.relation == "invited":
            opening = INVITED  # not signed up yet: there is nothing of theirs to confirm
        if opening.aggregate == "found":
            opening, aggregate = _found(mail, materials, recipient)
        else:
            aggregate = _aggregate(mail, opening)
        base = getattr(self.settings, f"{opening.service}_public_url").rstrip("/")
        if opening is BOARD:
            return f"{base}/notify/sign-in?t={materials.sign_ins.get(mail.id, NO_LINK)}"
        if not opening.acts:
            return f"{base}{_public_path(mail, opening, language=recipient.language)}"
        deadline = mail.facts.get(kind.deadline) if kind.deadline else None
        acts, aggregates = _whole(opening, aggregate, recipient)
        token = self.minter.link(
            Link(
                contact_id=recipient.contact_id,
                participant_id=recipient.participant_id,
                acts=acts,
                aggregates=aggregates,
                expires_at=link_expiry(
                    now=now,
                    deadline=datetime.fromisoformat(deadline) if deadline else None,
                    overview=opening.acts[0] == "overview",
                ),
                epoch=recipient.epoch,
            )
        )
        return f"{base}/{opening.service}/link?t={token}"

    def session(self, mail: Claimed, *, now: datetime) -> str:
        """The session that a sign-in mail leads to."""
        name = self.settings.coordinator_name(mail.contact_id)
        return self.minter.coordinator(Coordinator(name, now + SIGN_IN))


def _public_path(mail: Claimed, opening: Opening, *, language: str) -> str:
    """Where a link without a token leads."""
    asked = "?lang=en" if language == "en" else ""
    if opening.aggregate == "edition":
        return f"/evaluation/reports/{mail.edition_id}{asked}"
    if opening.aggregate == "booklet":
        return f"/notify/preparation/{ROLE_OF_PARTY[mail.party]}/{PHASE_OF[mail.kind]}{asked}"
    return f"/{asked}"


def _whole(opening: Opening, aggregate: UUID, recipient: Contact) -> tuple[tuple[str, ...], tuple[UUID, ...]]:
    """The acts and aggregates of a person's link: those of the mail first, then everything of theirs."""
    everything = PERSON_ACTS.get(recipient.relation, ())
    if opening is DRAFT or not everything:
        return opening.acts, (aggregate,)
    acts = dict.fromkeys((*opening.acts, *everything))
    return tuple(acts), tuple(dict.fromkeys((aggregate, recipient.participant_id)))


def _aggregate(mail: Claimed, opening: Opening) -> UUID:
    of = {
        "placement": mail.placement_id,
        "own": mail.participant_id,
        "edition": mail.edition_id,
    }.get(opening.aggregate, mail.aggregate_id)
    return of or mail.subject_id


def _found(mail: Claimed, materials: Materials, recipient: Contact) -> tuple[Opening, UUID]:
    """Where a new link leads: to the placement or evaluation it was asked for, else to the person's own part of a sign-up."""
    aggregate = mail.aggregate_id or recipient.participant_id
    what, detail = materials.aggregates.get(aggregate, ("sign_up", ""))
    if what == "evaluation":
        return Opening("evaluation", ("evaluate",), "request"), aggregate
    if what == "placement":
        acts: tuple[str, ...] = ("agreement",) if recipient.relation == "manager" else ("agreement", "stay")
        if recipient.relation != "manager" and detail == "proposed":
            acts = ("answer", *acts)
        return Opening("matching", acts, "request"), aggregate
    acts = {"manager": ("consent",), "invited": ("invited",)}.get(recipient.relation, ("overview",))
    return Opening("registration", acts, "request"), recipient.participant_id
