"""Editions: coordinators open and change them, everybody may read them. And the coordinators' list of sign-ups."""

from dataclasses import asdict
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Security
from fastapi.security import HTTPBearer
from pydantic import AwareDatetime, BaseModel, Field, model_validator
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.problem import Problem
from ipraktik_registration.domain.editions import BadFrame, Frame, days_of_week
from ipraktik_registration.domain.life import Role, State
from ipraktik_registration.store import editions, registry
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.usecases.open_edition import change_edition, open_edition
from ipraktik_registration.web.fields import Day, Instant, Secret, Sent, Title
from ipraktik_registration.web.reading import answers, idempotency_key, problems, sent, takes


class WindowSent(Sent):
    """When sign-ups are taken."""

    opens_at: Instant
    closes_at: Instant | None = Field(default=None, description="Null: the window stays open (rolling).")


class WeekSent(Sent):
    """An ISO week; stays lie from its Monday to its Friday."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    week: Annotated[int, Field(ge=1, le=53)]


class DatesSent(Sent):
    """First and last day on which stays may lie."""

    first_day: Day
    last_day: Day


class FrameSent(Sent):
    """An edition's whole frame."""

    name: Title
    mode: Literal["campaign", "rolling"]
    window: WindowSent
    week: WeekSent | None = Field(default=None, description="Either this or dates.")
    dates: DatesSent | None = Field(default=None, description="Either this or week.")
    answer_days: Annotated[int, Field(ge=1, le=60)] = 7
    sign_days: Annotated[int, Field(ge=1, le=90)] = 21
    follow_up: Annotated[int, Field(ge=1, le=24)] = 6
    hold_mails: bool = False

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        self.frame()
        return self

    def frame(self) -> Frame:
        """As the domain has it. Raises BadFrame."""
        match self.week, self.dates:
            case WeekSent(year=year, week=week), None:
                first_day, last_day = days_of_week(year, week)
            case None, DatesSent(first_day=first_day, last_day=last_day):
                pass
            case _:
                raise BadFrame("give either week or dates")
        return Frame(
            name=self.name,
            mode=self.mode,
            opens_at=self.window.opens_at,
            closes_at=self.window.closes_at,
            first_day=first_day,
            last_day=last_day,
            answer_days=self.answer_days,
            sign_days=self.sign_days,
            follow_up=self.follow_up,
            hold_mails=self.hold_mails,
        )


class EditionSent(FrameSent):
    """A new edition."""

    draw_seed: Secret | None = Field(
        default=None, description="Lots are drawn from it; null: a secret one is made. Never shown again."
    )


class EditionAnswer(BaseModel):
    """An edition."""

    edition_id: UUID
    name: str
    mode: Literal["campaign", "rolling"]
    opens_at: AwareDatetime
    closes_at: AwareDatetime | None
    open: bool
    first_day: Day
    last_day: Day
    answer_days: int
    sign_days: int
    follow_up: int
    hold_mails: bool


class EditionsAnswer(BaseModel):
    """All editions, newest window first."""

    editions: list[EditionAnswer]


class SignUpLine(BaseModel):
    """A sign-up without anybody's name."""

    participant_id: UUID
    edition_id: UUID
    role: Role
    state: State
    reference: str | None
    created_at: AwareDatetime
    respond_by: AwareDatetime | None


class SignUpsAnswer(BaseModel):
    """A page of sign-ups."""

    sign_ups: list[SignUpLine]
    after: UUID | None


router = APIRouter(prefix="/registration/api/v1", tags=["editions"])
COORDINATOR = [Security(HTTPBearer(scheme_name="coordinator", auto_error=False))]


@router.post(
    "/editions",
    status_code=201,
    dependencies=COORDINATOR,
    responses={
        201: answers(EditionAnswer, "Opened."),
        200: answers(EditionAnswer, "Opened before, with the same key."),
        **problems(401, 403, 409, 410, 415, 422),
    },
    openapi_extra=takes(EditionSent, key=False),
)
async def post_edition(request: Request) -> Response:
    """Open an edition. With an Idempotency-Key the same request again gives the same edition."""
    await access.coordinator(request)
    key = idempotency_key(request, required=False)
    form = await sent(request, EditionSent)
    async with context_of(request).database.transaction() as tx:
        edition, fresh = await open_edition(tx, frame=form.frame(), draw_seed=form.draw_seed, key=key)
    return Response(
        _answer(request, edition).model_dump_json(), 201 if fresh else 200, media_type="application/json"
    )


@router.put(
    "/editions/{edition_id}",
    dependencies=COORDINATOR,
    responses=problems(401, 403, 404, 410, 415, 422),
    openapi_extra=takes(FrameSent),
)
async def put_edition(request: Request, edition_id: UUID) -> EditionAnswer:
    """Replace an edition's frame."""
    await access.coordinator(request)
    form = await sent(request, FrameSent)
    async with context_of(request).database.transaction() as tx:
        edition = await change_edition(tx, edition_id=edition_id, frame=form.frame())
    return _answer(request, edition)


@router.get("/editions", responses=problems())
async def get_editions(request: Request) -> EditionsAnswer:
    """All editions."""
    async with context_of(request).database.reading() as conn:
        return EditionsAnswer(editions=[_answer(request, one) for one in await editions.every(conn)])


@router.get("/editions/{edition_id}", responses=problems(404, 422))
async def get_edition(request: Request, edition_id: UUID) -> EditionAnswer:
    """One edition."""
    async with context_of(request).database.reading() as conn:
        edition = await editions.one(conn, edition_id=edition_id)
    if edition is None:
        raise Problem(404, "No such edition", "Take the edition's id from the list of editions.")
    return _answer(request, edition)


@router.get("/sign-ups", dependencies=COORDINATOR, responses=problems(401, 403, 410, 422))
async def get_sign_ups(
    request: Request,
    edition_id: Annotated[UUID | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[UUID | None, Query(description="The `after` of the page before.")] = None,
) -> SignUpsAnswer:
    """Sign-ups in the order in which they came, for coordinators."""
    await access.coordinator(request)
    async with context_of(request).database.reading() as conn:
        lines = await registry.sign_ups(conn, edition_id=edition_id, state=state, after=after, limit=limit)
    return SignUpsAnswer(
        sign_ups=[SignUpLine(**asdict(line)) for line in lines],
        after=lines[-1].participant_id if len(lines) == limit else None,
    )


def _answer(request: Request, edition: Edition) -> EditionAnswer:
    frame = edition.frame
    return EditionAnswer(
        edition_id=edition.edition_id,
        open=frame.takes_sign_ups(context_of(request).clock.now()),
        **asdict(frame),
    )
