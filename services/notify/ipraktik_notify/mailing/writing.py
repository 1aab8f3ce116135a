"""From a claimed mail to the bytes that are sent: values, words, link, calendar entry, message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.mailing.calendar import Stay, entry
from ipraktik_notify.mailing.links import LinkWriter
from ipraktik_notify.mailing.materials import Materials, values_for
from ipraktik_notify.mailing.message import Invitation, Sender, compose, mail_address, message_id
from ipraktik_notify.mailing.rendering import Rendered, render
from ipraktik_notify.settings import NotifySettings
from ipraktik_notify.store.people import Contact
from ipraktik_notify.store.queue import Claimed


class NobodyThere(LookupError):
    """The recipient was erased between planning and writing."""


def privacy_page(settings: NotifySettings, language: str) -> str:
    """Where it stands what is kept of people, by whom and how long."""
    asked = "?lang=en" if language == "en" else ""
    return f"{settings.registration_public_url.rstrip('/')}/registration/privacy{asked}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to go."""

    mail: Claimed
    message_id: str
    address: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes mails. Nothing that it writes is kept."""

    settings: NotifySettings
    sender: Sender
    links: LinkWriter

    def write(self, mail: Claimed, materials: Materials, *, now: datetime) -> Letter:
        """The letter. Raises NobodyThere, UnusableAddress, or what a template raises."""
        recipient = self.recipient(mail, materials)
        address = mail_address(recipient.email)
        values = values_for(mail, materials, recipient=recipient, now=now)
        words = self._words(mail, materials, values, recipient=recipient, now=now)
        id = message_id(
            fact_id=mail.fact_id, kind=mail.kind, contact_id=mail.contact_id, domain=self.sender.domain
        )
        content = compose(
            kind=mail.kind,
            words=words,
            sender=self.sender,
            reply_to=self.settings.organiser_email,
            name=recipient.name,
            address=address,
            language=recipient.language,
            id=id,
            thread=mail.placement_id,
            now=now,
            invitation=self._invitation(mail, recipient, values, now=now),
        )
        return Letter(mail, id, address, content)

    def words(self, mail: Claimed, materials: Materials, *, recipient: Contact, now: datetime) -> Rendered:
        """What the recipient reads. Raises what a template raises."""
        values = values_for(mail, materials, recipient=recipient, now=now)
        return self._words(mail, materials, values, recipient=recipient, now=now)

    def _words(
        self,
        mail: Claimed,
        materials: Materials,
        values: Mapping[str, object],
        *,
        recipient: Contact,
        now: datetime,
    ) -> Rendered:
        return render(
            kind=mail.kind,
            values=values,
            link=self.links.address(mail, materials, recipient=recipient, now=now),
            organiser=self.settings.organiser_name,
            reply_to=self.settings.organiser_email,
            privacy=privacy_page(self.settings, recipient.language),
        )

    def recipient(self, mail: Claimed, materials: Materials) -> Contact:
        """Who gets it. Raises NobodyThere."""
        if mail.party == "coordinator":
            address = self.settings.coordinators().get(mail.contact_id)
            if address is not None:
                return Contact(mail.contact_id, mail.contact_id, "coordinator", "", address, "da", "", 1)
        recipient = materials.recipients.get(mail.contact_id)
        if recipient is None:
            raise NobodyThere("the recipient is not known any more")
        return recipient

    def _invitation(
        self, mail: Claimed, recipient: Contact, values: dict[str, object], *, now: datetime
    ) -> Invitation | None:
        """The calendar entry; a cancellation only where something was in the calendar."""
        method = KINDS[mail.kind].calendar
        facts = mail.facts
        version = facts.get("signed_version")
        if method is None or version is None:
            return None
        english = recipient.language == "en"
        at = values["intern_place"] if values["party"] == "host" else values["host_place"]
        who = values["intern"] if values["party"] != "intern" else values["host"]
        if values["party"] == "host":
            summary = f"Innovation internship: {who}" if english else f"Innovationspraktik: besøg af {who}"
        elif values["party"] == "manager":
            summary = (
                f"Innovation internship: {who} at {at}" if english else f"Innovationspraktik: {who} hos {at}"
            )
        else:
            summary = f"Innovation internship at {at}" if english else f"Innovationspraktik hos {at}"
        stay = Stay(
            uid=mail.calendar_uid or f"{mail.placement_id or mail.subject_id}@{self.sender.domain}",
            version=int(version),
            first_day=date.fromisoformat(facts["first_day"]),
            last_day=date.fromisoformat(facts["last_day"]),
            summary=summary,
            description="The agreement and all details are behind the link in the mail."
            if english
            else "Aftalen og alle detaljer finder du via linket i mailen.",
            organiser_name=self.sender.name,
            organiser_address=self.sender.address,
            attendee_name=str(values["name"]),
            attendee_address=mail_address(recipient.email),
        )
        return Invitation(entry(stay, method=method, now=now), method)
