"""What notify needs beyond every service: the signing key of links, the mail server, and who the coordinators are."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ipraktik_chassis.ids import derived_id
from ipraktik_chassis.settings import Settings


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
    mail_from: str = Field(
        default="Innovationspraktik <innovationspraktik@example.org>",
        max_length=320,
        description="Name and address that mails come from.",
    )
    coordinator_addresses: str = Field(
        default="", max_length=4000, repr=False, description="Addresses of the coordinators, comma separated."
    )
    mail_connections: Annotated[int, Field(ge=1, le=20)] = Field(
        default=4, description="Connections to the mail server at most."
    )
    mail_retry_seconds: Annotated[float, Field(ge=0.01, le=600)] = Field(
        default=2.0,
        description="Real seconds before the first new attempt; doubled each time, an hour at most.",
    )

    def coordinators(self) -> dict[UUID, str]:
        """The coordinators' addresses by an id that stays the same as long as the address does."""
        listed = [address.strip() for address in self.coordinator_addresses.split(",")]
        return {derived_id("coordinator", address.lower()): address for address in listed if address}
