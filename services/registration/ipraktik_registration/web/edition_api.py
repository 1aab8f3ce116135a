"""Editions: coordinators open and change them, everybody may read them. And the coordinators' list of sign-ups."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Security
from fastapi.security import HTTPBearer
from pydantic import AwareDatetime, BaseModel, Field, model_validator
from starlette.responses import Response

from ipraktik_chassis import access
from ipraktik_chassis.access import context_of
from ipraktik_chassis.problem import Problem
from ipraktik_registration.domain.editions import BadFrame, Frame, StayTooSoon, days_of_week
from ipraktik_registration.domain.life import Role, State
from ipraktik_registration.store import editions, registry
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.usecases.open_edition import change_edition, open_edition
from ipraktik_registration.web.fields import Day, Instant, Secret, Sent, Title
from ipraktik_registration.web.reading import answers, idempotency_key, problems, sent, takes


class WindowSent(Sent):
    """When sign-ups are taken."""

    opens_at: Instant = Field(
        description="From this instant on sign-ups are taken.", examples=["2018-04-09T06:00:00Z"]
    )
    closes_at: Instant | None = Field(
        default=None,
        description="Null: the window stays open (rolling). A campaign closes before the first day of its stays.",
    )


class WeekSent(Sent):
    """An ISO week; stays lie from its Monday to its Friday."""

    year: Annotated[int, Field(ge=2000, le=2100)] = Field(
        description="The year that the week belongs to.", examples=[2018]
    )
    week: Annotated[int, Field(ge=1, le=53)] = Field(description="Its number by ISO 8601.", examples=[37])


class DatesSent(Sent):
    """First and last day on which stays may lie."""

    first_day: Day = Field(description="First day on which a stay may lie.", examples=["2018-09-10"])
    last_day: Day = Field(
        description="Last day on which a stay may lie, not before the first.", examples=["2018-09-14"]
    )


class FrameSent(Sent):
    """An edition's whole frame."""

    name: Title = Field(description="What people call the edition.", examples=["Uge 37, 2018"])
    mode: Literal["campaign", "rolling"] = Field(
        description="campaign: one window and one time for all stays; rolling: sign-ups and stays all year."
    )
    window: WindowSent = Field(description="The window in which sign-ups are taken.")
    week: WeekSent | None = Field(default=None, description="Either this or dates.")
    dates: DatesSent | None = Field(default=None, description="Either this or week.")
    answer_days: Annotated[int, Field(ge=1, le=60)] = Field(
        default=7, description="Days that intern and host have to answer a proposal."
    )
    sign_days: Annotated[int, Field(ge=1, le=90)] = Field(
        default=21, description="Days that the three parties have to approve an agreement."
    )
    follow_up: Annotated[int, Field(ge=1, le=24)] = Field(
        default=6, description="Months from the end of a stay to the second evaluation."
    )
    hold_mails: bool = Field(
        default=False, description="True: mails of this edition wait until a coordinator lets them go."
    )

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

    edition_id: UUID = Field(description="The edition's id: what sign-ups and lists name.")
    name: str = Field(description="What people call the edition.", examples=["Uge 37, 2018"])
    mode: Literal["campaign", "rolling"] = Field(
        description="campaign: one window and one time for all stays; rolling: sign-ups and stays all year."
    )
    opens_at: AwareDatetime = Field(description="From this instant on sign-ups are taken.")
    closes_at: AwareDatetime | None = Field(
        description="Until just before this instant; null where the window stays open."
    )
    open: bool = Field(description="Whether sign-ups are taken right now.")
    first_day: Day = Field(description="First day on which a stay may lie.")
    last_day: Day = Field(description="Last day on which a stay may lie.")
    answer_days: int = Field(description="Days that intern and host have to answer a proposal.")
    sign_days: int = Field(description="Days that the three parties have to approve an agreement.")
    follow_up: int = Field(description="Months from the end of a stay to the second evaluation.")
    hold_mails: bool = Field(
        description="Whether mails of this edition wait until a coordinator lets them go."
    )


class EditionsAnswer(BaseModel):
    """All editions, newest window first."""

    editions: list[EditionAnswer] = Field(description="The editions.")


class SignUpLine(BaseModel):
    """A sign-up without anybody's name."""

    participant_id: UUID = Field(description="The sign-up's id.")
    edition_id: UUID = Field(description="The edition that it belongs to.")
    role: Role = Field(description="What the person signed up as.")
    state: State = Field(
        description="unconfirmed, awaiting_consent (the intern's manager is asked), registered, withdrawn, erased, expired (nobody answered in time) or refused (the manager said no)."
    )
    reference: str | None = Field(
        description="The short reference that people quote; null once the sign-up is erased.",
        examples=["IP-7KQ4M2"],
    )
    created_at: AwareDatetime = Field(description="When it came.")
    respond_by: AwareDatetime | None = Field(
        description="Until when an answer is waited for; null where nobody is asked."
    )


class SignUpsAnswer(BaseModel):
    """A page of sign-ups."""

    sign_ups: list[SignUpLine] = Field(description="Sign-ups in the order in which they came.")
    after: UUID | None = Field(description="The `after` of the following page; null on the last one.")


EditionId = Annotated[UUID, Path(description="The edition's id, from the list of editions.")]

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
    with _told():
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
async def put_edition(request: Request, edition_id: EditionId) -> EditionAnswer:
    """Replace an edition's frame."""
    await access.coordinator(request)
    form = await sent(request, FrameSent)
    with _told():
        async with context_of(request).database.transaction() as tx:
            edition = await change_edition(tx, edition_id=edition_id, frame=form.frame())
    return _answer(request, edition)


@router.get("/editions", responses=problems())
async def get_editions(request: Request) -> EditionsAnswer:
    """All editions."""
    async with context_of(request).database.reading() as conn:
        return EditionsAnswer(editions=[_answer(request, one) for one in await editions.every(conn)])


@router.get("/editions/{edition_id}", responses=problems(404, 422))
async def get_edition(request: Request, edition_id: EditionId) -> EditionAnswer:
    """One edition."""
    async with context_of(request).database.reading() as conn:
        edition = await editions.one(conn, edition_id=edition_id)
    if edition is None:
        raise Problem(404, "No such edition", "Take the edition's id from the list of editions.")
    return _answer(request, edition)


@router.get("/sign-ups", dependencies=COORDINATOR, responses=problems(401, 403, 410, 422))
async def get_sign_ups(
    request: Request,
    edition_id: Annotated[UUID | None, Query(description="Only this edition's.")] = None,
    state: Annotated[State | None, Query(description="Only those that stand so.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="At most so many.")] = 100,
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


@contextmanager
def _told() -> Iterator[None]:
    """What only shows beside the frame that stands is told as what a model finds. Raises Problem 422."""
    try:
        yield
    except StayTooSoon as bad:
        raise Problem(
            422,
            "Some fields need to be mended",
            "Correct the fields listed under errors and send again.",
            errors=[{"field": "window.closes_at", "message": str(bad)}],
        ) from None


def _answer(request: Request, edition: Edition) -> EditionAnswer:
    frame = edition.frame
    return EditionAnswer(
        edition_id=edition.edition_id,
        open=frame.takes_sign_ups(context_of(request).clock.now()),
        **asdict(frame),
    )
