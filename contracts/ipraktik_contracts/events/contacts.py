"""The one place where names and addresses travel. Topic `innovationspraktik.internal.contacts.v1`, compacted, internal.

A contact is one reachable person of one sign-up. The latest record per key is the whole truth; a tombstone erases.
"""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ..fields import Language
from .event import InternalEvent


class ContactChanged(InternalEvent):
    """A contact came about or changed; always the whole contact."""

    TOPIC: ClassVar[str] = "innovationspraktik.internal.contacts.v1"
    KEY: ClassVar[str] = "contact_id"
    OWNER: ClassVar[str] = "registration"

    contact_id: UUID = Field(description="The contact; never reused.")
    participant_id: UUID = Field(description="The sign-up the contact belongs to.")
    relation: Literal["self", "reserve", "manager", "invited"] = Field(
        description="What the contact is to the sign-up."
    )
    name: str = Field(max_length=200, description="Name; empty where it is not known.")
    email: str = Field(max_length=254, description="Address that mails go to.")
    language: Language = Field(description="Language of the mails.")
    epoch: int = Field(ge=1, le=2_147_483_647, description="Links minted under a lower epoch are void.")
    motivation: str = Field(
        default="", max_length=2000, description="intern: why; read by the proposed host."
    )
    offer: str = Field(
        default="", max_length=2000, description="host: what the workplace offers; read by the intern."
    )
    job_title: str = Field(default="", max_length=200, description="Job title, read by the other party.")
    unit_name: str = Field(
        default="", max_length=200, description="The unit's name, read by the other party."
    )
