"""What notify needs beyond every service: the signing key of links, the mail server, who the coordinators are, and what the feed
and the webhooks may do."""

import ssl
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import Field, field_validator

from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.links import LinkMinter
from ipraktik_chassis.settings import Settings
from ipraktik_notify.domain.addresses import Network, networks
from ipraktik_notify.mailing.message import sender_of


class NotifySettings(Settings):
    """Settings of notify."""

    link_private_key_file: Path | None = Field(
        default=None, description="PEM, Ed25519: signs links. `work` needs it."
    )
    smtp_url: str = Field(
        default="smtp://127.0.0.1:1025",
        pattern=r"^smtps?://\S+$",
        max_length=500,
        repr=False,
        description="smtp://[user:password@]host:port, or smtps://. Plain smtp is encrypted by STARTTLS, or nothing is "
        "sent; on the local stack it stays plain.",
    )
    smtp_url_file: Path | None = Field(
        default=None, description="A file that holds SMTP_URL, in place of it."
    )
    mail_from: str = Field(
        default="Innovationspraktik <innovationspraktik@example.org>",
        max_length=320,
        description="Name and address that mails come from.",
    )
    coordinator_addresses: str = Field(
        default="",
        max_length=4000,
        repr=False,
        description="Addresses of the coordinators, comma separated; one written as Name <name@host> is shown by that name.",
    )
    mail_connections: Annotated[int, Field(ge=1, le=20)] = Field(
        default=4, description="Connections to the mail server at most."
    )
    mail_retry_seconds: Annotated[float, Field(ge=0.01, le=600)] = Field(
        default=2.0,
        description="Real seconds before the first new attempt; doubled each time, an hour at most.",
    )

    feed_requests_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        default=600, description="Requests to the feed per token and process."
    )
    feed_waiting: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=200,
        description="Requests to the feed that may wait at a time for something to happen, per process.",
    )
    webhook_allow_networks: str = Field(
        default="",
        max_length=2000,
        description="Networks (10.20.0.0/16, comma separated) that webhooks may call although they are not public; there "
        "also without encryption.",
    )
    webhook_ca_file: Path | None = Field(
        default=None,
        description="PEM: authorities that webhooks' certificates may come from, beside the system's.",
    )
    webhook_timeout_seconds: Annotated[float, Field(ge=0.1, le=30)] = Field(
        default=10.0, description="Real seconds that a subscriber may take to answer a delivery."
    )

    @field_validator("link_private_key_file")
    @classmethod
    def _a_key_that_can_sign_links(cls, file: Path | None) -> Path | None:
        if file is not None:
            try:
                LinkMinter(file.read_bytes())
            except OSError as error:
                raise ValueError(f"the file cannot be read: {error.strerror}") from None
            except (ValueError, TypeError):  # an encrypted key is a TypeError
                raise ValueError("the file holds no Ed25519 private key, in PEM and not encrypted") from None
        return file

    @field_validator("mail_from")
    @classmethod
    def _a_sender_that_can_stand_in_a_mail(cls, text: str) -> str:
        sender_of(text)
        return text

    @field_validator("webhook_allow_networks")
    @classmethod
    def _networks(cls, text: str) -> str:
        networks(text)
        return text

    @field_validator("webhook_ca_file")
    @classmethod
    def _authorities(cls, file: Path | None) -> Path | None:
        if file is not None:
            try:
                ssl.create_default_context(cafile=file)
            except OSError as error:  # ssl.SSLError is one
                raise ValueError(
                    f"no certificates can be read from the file: {type(error).__name__}"
                ) from None
        return file

    def allowed_networks(self) -> tuple[Network, ...]:
        """What webhooks may call although it is not public."""
        return networks(self.webhook_allow_networks)

    def coordinators(self) -> dict[UUID, str]:
        """The coordinators' addresses by an id that stays the same as long as the address does."""
        return {coordinator_id(address): address for _, address in self._listed()}

    def coordinator_name(self, id: UUID) -> str:
        """What histories show of who signs in: the configured name, else what stands before the @, or the whole where two share that."""
        listed = self._listed()
        for name, address in listed:
            if coordinator_id(address) == id:
                before = address.partition("@")[0]
                sharing = {
                    other.lower() for _, other in listed if other.partition("@")[0].lower() == before.lower()
                }
                return name or (before if len(sharing) == 1 else address)
        return "coordinator"

    def _listed(self) -> list[tuple[str, str]]:
        pairs = getaddresses([self.coordinator_addresses])
        return [(name.strip(), address.strip()) for name, address in pairs if address.strip()]


def coordinator_id(address: str) -> UUID:
    """The id of a coordinator's address, whatever its capitals; registration works out the same from what was typed."""
    return derived_id("coordinator", address.lower())
