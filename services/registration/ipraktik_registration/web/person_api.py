"""What a person does by the own link: confirm, agree, answer, change, take back, delete, read. JSON; the pages are beside."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Security
from fastapi.security import HTTPBearer
from pydantic import AwareDatetime, BaseModel, Field
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_registration.domain.life import Role, State
from ipraktik_registration.domain.withdrawal import WithdrawalReason
from ipraktik_registration.store import participants
from ipraktik_registration.usecases.answer_consent import answer_consent
from ipraktik_registration.usecases.answer_naming import answer_naming
from ipraktik_registration.usecases.confirm_sign_up import confirm_sign_up
from ipraktik_registration.usecases.erase_sign_up import erase_sign_up
from ipraktik_registration.usecases.tell_own_sign_up import tell_own_sign_up
from ipraktik_registration.usecases.update_sign_up import update_sign_up
from ipraktik_registration.usecases.withdraw_sign_up import withdraw_sign_up
from ipraktik_registration.web.acting import acting
from ipraktik_registration.web.fields import Sent
from ipraktik_registration.web.own_sign_up import OwnSignUpAnswer, own_answer
from ipraktik_registration.web.reading import problems, sent, takes
from ipraktik_registration.web.sign_up_forms import HostDetailsSent, InternDetailsSent


class AgreeSent(Sent):
    """Yes or no."""

    agree: bool = Field(description="true: yes; false: no. The answer is final.")


class WithdrawalSent(Sent):
    """Why."""

    reason: WithdrawalReason = Field(
        default="own_wish",
        description="own_wish: changed their mind; workplace: something at the workplace; new_job; other.",
    )


class StateAnswer(BaseModel):
    """Where the sign-up stands now."""

    participant_id: UUID = Field(description="The sign-up's id.")
    state: State = Field(
        description="unconfirmed, awaiting_consent (the intern's manager is asked), registered, withdrawn, erased, expired (nobody answered in time) or refused (the manager said no)."
    )


class ConfirmationAnswer(StateAnswer):
    """Where the sign-up stands now that its address is confirmed."""

    reference: str = Field(description="The short reference that people quote.", examples=["IP-7KQ4M2"])
    role: Role = Field(description="What the person signed up as.")
    respond_by: AwareDatetime | None = Field(
        description="Until when the intern's manager may answer; null for a host."
    )
    signed_up_already: bool = Field(
        description="True: the address has a valid sign-up in this edition and role, so this second one has ended."
    )


class AnswerAnswer(BaseModel):
    """What was answered."""

    participant_id: UUID = Field(description="The sign-up that the question was about.")
    agree: bool = Field(description="The answer that stands.")


ParticipantId = Annotated[
    UUID,
    Path(description="The sign-up's id, as the answer to signing up gave it and the mail's link names it."),
]
Inviting = Annotated[UUID, Path(description="The sign-up of the intern who invites you.")]

router = APIRouter(prefix="/registration/api/v1", tags=["own sign-up"])
_LINK = [Security(HTTPBearer(scheme_name="link", auto_error=False))]
_ACT = problems(401, 403, 404, 409, 410, 415, 422)


@router.post(
    "/sign-ups/{participant_id}/confirmation",
    dependencies=_LINK,
    responses=problems(401, 403, 404, 409, 410, 422),
)
async def post_confirmation(request: Request, participant_id: ParticipantId) -> ConfirmationAnswer:
    """Confirm the address. Repeating changes nothing."""
    await acting(request, participant_id, "confirm")
    async with context_of(request).database.transaction() as tx:
        standing = await confirm_sign_up(tx, participant_id=participant_id)
    return ConfirmationAnswer(
        participant_id=participant_id,
        state=standing.state,
        reference=standing.reference,
        role=standing.role,
        respond_by=standing.respond_by,
        signed_up_already=standing.duplicate,
    )


@router.post(
    "/sign-ups/{participant_id}/consent",
    dependencies=_LINK,
    responses=_ACT,
    openapi_extra=takes(AgreeSent),
)
async def post_consent(request: Request, participant_id: ParticipantId) -> StateAnswer:
    """The own manager agrees or not."""
    await acting(request, participant_id, "consent")
    form = await sent(request, AgreeSent)
    async with context_of(request).database.transaction() as tx:
        state = await answer_consent(tx, participant_id=participant_id, agree=form.agree)
    return StateAnswer(participant_id=participant_id, state=state)


@router.post(
    "/sign-ups/{participant_id}/pair",
    dependencies=_LINK,
    responses=_ACT,
    openapi_extra=takes(AgreeSent),
)
async def post_pair(request: Request, participant_id: ParticipantId) -> AnswerAnswer:
    """Somebody says that the two of you have agreed on a stay. Is that so?"""
    await acting(request, participant_id, "pair")
    form = await sent(request, AgreeSent)
    async with context_of(request).database.transaction() as tx:
        await answer_naming(tx, participant_id=participant_id, kind="self_found", agree=form.agree)
    return AnswerAnswer(participant_id=participant_id, agree=form.agree)


@router.post(
    "/invitations/{participant_id}", dependencies=_LINK, responses=_ACT, openapi_extra=takes(AgreeSent)
)
async def post_invitation(request: Request, participant_id: Inviting) -> AnswerAnswer:
    """That intern wants you, who are signed up yourself, as travel companion. Do you want that too?"""
    contact = await acting(request, participant_id, "invited")
    form = await sent(request, AgreeSent)
    async with context_of(request).database.transaction() as tx:
        await answer_naming(
            tx, participant_id=contact.participant_id, kind="companion", agree=form.agree, by=participant_id
        )
    return AnswerAnswer(participant_id=participant_id, agree=form.agree)


@router.post(
    "/sign-ups/{participant_id}/withdrawal",
    dependencies=_LINK,
    responses=_ACT,
    openapi_extra=takes(WithdrawalSent),
)
async def post_withdrawal(request: Request, participant_id: ParticipantId) -> StateAnswer:
    """Take the sign-up back."""
    await acting(request, participant_id, "withdraw")
    form = await sent(request, WithdrawalSent)
    async with context_of(request).database.transaction() as tx:
        state = await withdraw_sign_up(tx, participant_id=participant_id, reason=form.reason)
    return StateAnswer(participant_id=participant_id, state=state)


@router.get("/sign-ups/{participant_id}", dependencies=_LINK, responses=problems(401, 403, 404, 410, 422))
async def get_sign_up(request: Request, participant_id: ParticipantId) -> OwnSignUpAnswer:
    """Everything registration keeps about the own sign-up, and how far it has come."""
    await acting(request, participant_id, "overview")
    async with context_of(request).database.reading() as conn:
        return own_answer(await tell_own_sign_up(conn, participant_id=participant_id))


@router.put(
    "/sign-ups/{participant_id}",
    dependencies=_LINK,
    responses=_ACT,
    openapi_extra=takes(InternDetailsSent, HostDetailsSent),
)
async def put_sign_up(request: Request, participant_id: ParticipantId) -> OwnSignUpAnswer:
    """Change the sign-up: always the whole of it, but for edition and role. A new address voids earlier links."""
    await acting(request, participant_id, "update")
    context = context_of(request)
    async with context.database.reading() as conn:
        standing = await participants.one(conn, participant_id=participant_id)
    form: InternDetailsSent | HostDetailsSent = await sent(
        request, HostDetailsSent if standing and standing.role == "host" else InternDetailsSent
    )
    async with context.database.transaction() as tx:
        await update_sign_up(
            tx,
            participant_id=participant_id,
            details=form.details(),
            namespace=context.settings.topic_namespace,
        )
    async with context.database.reading() as conn:
        return own_answer(await tell_own_sign_up(conn, participant_id=participant_id))


@router.delete(
    "/sign-ups/{participant_id}",
    status_code=204,
    dependencies=_LINK,
    responses=problems(401, 403, 404, 410, 422),
)
async def delete_sign_up(request: Request, participant_id: ParticipantId) -> Response:
    """Delete everything about the sign-up. The link is void from then on."""
    await acting(request, participant_id, "erase")
    context = context_of(request)
    async with context.database.transaction() as tx:
        await erase_sign_up(tx, participant_id=participant_id, namespace=context.settings.topic_namespace)
    return Response(status_code=204)


MODELS = (
    AgreeSent,
    WithdrawalSent,
    InternDetailsSent,
    HostDetailsSent,
)
