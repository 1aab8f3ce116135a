"""A mail as it reads, without a link that opens anything: for coordinators, who must not hold other people's links."""

from dataclasses import dataclass

from ipraktik_chassis.links import Coordinator, Link
from ipraktik_notify.mailing.links import NO_LINK, LinkWriter
from ipraktik_notify.mailing.message import sender_of
from ipraktik_notify.mailing.writing import Writer
from ipraktik_notify.settings import NotifySettings


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Stands in for the signing key: what it gives opens nothing."""

    def link(self, link: Link) -> str:
        """No link."""
        return NO_LINK

    def coordinator(self, coordinator: Coordinator) -> str:
        """No session."""
        return NO_LINK


def previewing(settings: NotifySettings) -> Writer:
    """A writer for eyes only."""
    return Writer(settings, sender_of(settings.mail_from), LinkWriter(Unsigned(), settings))
