"""The one link of a mail: minted when the mail is written, for its recipient, for the acts of its kind and nothing else."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ipraktik_chassis.links import Link, LinkMinter
from ipraktik_notify.domain.kinds import INVITED, KINDS, OVERVIEW, PAIR, Opening
from ipraktik_notify.domain.lifetimes import link_expiry
from ipraktik_notify.mailing.materials import Materials
from ipraktik_notify.settings import NotifySettings
from ipraktik_notify.store.people import Contact
from ipraktik_notify.store.queue import Claimed


@dataclass(frozen=True, slots=True)
class LinkWriter:
    """Holds the signing key and the public addresses of the services."""

    minter: LinkMinter
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
        if not opening.acts:
            edition = f"/evaluation/reports/{mail.edition_id}" if opening.aggregate == "edition" else "/"
            return f"{base}{edition}"
        deadline = mail.facts.get(kind.deadline) if kind.deadline else None
        token = self.minter.link(
            Link(
                contact_id=recipient.contact_id,
                participant_id=recipient.participant_id,
                acts=opening.acts,
                aggregates=(aggregate,),
                expires_at=link_expiry(
                    now=now,
                    deadline=datetime.fromisoformat(deadline) if deadline else None,
                    overview="overview" in opening.acts,
                ),
                epoch=recipient.epoch,
            )
        )
        return f"{base}/{opening.service}/link?t={token}"


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
        acts: tuple[str, ...] = ("agreement", "stay")
        if recipient.relation != "manager" and detail == "proposed":
            acts = ("answer", *acts)
        return Opening("matching", acts, "request"), aggregate
    acts = {"manager": ("consent",), "invited": ("invited",)}.get(recipient.relation, OVERVIEW.acts)
    return Opening("registration", acts, "request"), recipient.participant_id
