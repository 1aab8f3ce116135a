"""The person's own data as JSON. `details` has the form in which a change is sent."""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from ipraktik_registration.domain.acquaintance import Kind
from ipraktik_registration.domain.life import Role, State
from ipraktik_registration.store.contacts import Contact
from ipraktik_registration.store.named import Named
from ipraktik_registration.usecases.tell_own_sign_up import OwnSignUp


class PlacementAnswer(BaseModel):
    """Where one placement stands."""

    placement_id: UUID = Field(description="The placement's id.")
    state: str = Field(
        description="How far it has come: proposed, accepted, drafted, signed, completed, or how it ended.",
        examples=["signed"],
    )
    first_day: date | None = Field(description="First day of the stay; null until it is proposed.")
    last_day: date | None = Field(description="Last day of the stay; null until it is proposed.")
    respond_by: AwareDatetime | None = Field(
        description="Until when an answer is waited for; null where nobody is asked."
    )
    other_organisation: str = Field(
        description="Name of the other party's organisation; empty until it is known.",
        examples=["Aarhus Kommune"],
    )


class EvaluationAnswer(BaseModel):
    """Where one evaluation stands."""

    evaluation_id: UUID = Field(description="The evaluation's id.")
    placement_id: UUID = Field(description="The stay that it is about.")
    wave: str = Field(description="after: right after the stay; follow_up: some months later.")
    state: str = Field(description="requested, submitted or expired.", examples=["requested"])
    respond_by: AwareDatetime = Field(description="Until when answers are taken.")


class OwnSignUpAnswer(BaseModel):
    """A sign-up as its owner sees it."""

    participant_id: UUID = Field(description="The sign-up's id.")
    edition_id: UUID = Field(description="The edition that it belongs to.")
    reference: str = Field(description="The short reference that people quote.", examples=["IP-7KQ4M2"])
    role: Role = Field(description="What the person signed up as.")
    state: State = Field(
        description="unconfirmed, awaiting_consent (the intern's manager is asked), registered, withdrawn, erased, expired (nobody answered in time) or refused (the manager said no)."
    )
    created_at: AwareDatetime = Field(description="When it came.")
    respond_by: AwareDatetime | None = Field(
        description="Until when an answer is waited for; null where nobody is asked."
    )
    details: dict[str, Any] | None = Field(
        description="What was told, in the form that a change is sent in; null once it is forgotten."
    )
    mutual: list[Kind] = Field(description="Which of those named say the same.")
    placements: list[PlacementAnswer] = Field(
        description="Every placement of this sign-up, also those that came to nothing."
    )
    evaluations: list[EvaluationAnswer] = Field(
        description="Every evaluation that this sign-up's people were asked for."
    )
    no_place_final: bool | None = Field(
        description="False: a run found no place yet; true: the edition will find none; null: neither."
    )


def own_answer(own: OwnSignUp) -> OwnSignUpAnswer:
    """The answer for what is kept."""
    sign_up = own.sign_up
    return OwnSignUpAnswer(
        participant_id=sign_up.participant_id,
        edition_id=sign_up.edition_id,
        reference=sign_up.reference,
        role=sign_up.role,
        state=sign_up.state,
        created_at=sign_up.created_at,
        respond_by=sign_up.respond_by,
        details=_details(own) if sign_up.body and "self" in own.people else None,
        mutual=sorted(own.mutual),
        placements=[PlacementAnswer(**asdict(one)) for one in own.placements],
        evaluations=[EvaluationAnswer(**asdict(one)) for one in own.evaluations],
        no_place_final=own.no_place,
    )


def _details(own: OwnSignUp) -> dict[str, Any]:
    sign_up, facts = own.sign_up, own.sign_up.body
    self_ = own.people["self"]
    told: dict[str, Any] = {
        "name": self_.name,
        "email": self_.email,
        "language": self_.language,
        "job_title": sign_up.job_title,
        "workplace": {**facts["workplace"], "unit_name": sign_up.unit_name},
        "field": facts["field"],
        "days": facts["days"],
        "available": facts["available"],
    }
    if sign_up.role == "host":
        wishes = {name: value for name, value in facts["wishes"].items() if name != "own_organisation"}
        return told | {
            "wishes": wishes,
            "capacity": facts["capacity"],
            "offer": sign_up.presentation,
            "reserve": _person(own.people.get("reserve")),
            "self_found_intern": _named(own.names.get("self_found")),
        }
    manager = own.people.get("manager")
    return told | {
        "wishes": facts["wishes"],
        "manager": None if manager is None else {**_written(manager), "language": manager.language},
        "motivation": sign_up.presentation,
        "journey_type": facts["journey_type"],
        "companion": _named(own.names.get("companion")),
        "self_found_host": _named(own.names.get("self_found")),
        "host_in_mind": _named(own.names.get("host_in_mind")),
        "unplaced_before": facts["unplaced_before"],
    }


def _written(contact: Contact) -> dict[str, str]:
    return {"name": contact.name, "email": contact.email}


def _person(contact: Contact | None) -> dict[str, str] | None:
    return None if contact is None else _written(contact)


def _named(named: Named | None) -> dict[str, str] | None:
    if named is None:
        return None
    if named.email is None:
        return {"participant_id": str(named.other_id)}
    return {"name": named.name, "email": named.email}
