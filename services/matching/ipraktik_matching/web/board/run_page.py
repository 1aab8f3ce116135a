"""One run: what its plan does, what is proven about it, who is left and why; and the plan as a file."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_matching.puzzle import POINTS
from ipraktik_matching.puzzle.plan import Stats
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import people, plans
from ipraktik_matching.store.runs import Run
from ipraktik_matching.usecases.release_run import read_release
from ipraktik_matching.web.board import codes
from ipraktik_matching.web.board.csv_out import csv_answer
from ipraktik_matching.web.board.desk import NOT_HERE, PAGE_ROWS, ROOT, BoardRoute, at_desk, page_in, show

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"


@router.get(HERE + "/{run_id:uuid}")
async def run_page(request: Request, run_id: UUID) -> Response:
    """The run as it stands."""
    run, releases = await _run(request, run_id)
    desk = await at_desk(request, edition_id=run.edition_id)
    number = page_in(request)
    async with context_of(request).database.reading() as conn:
        summary = await plans.summary(conn, run_id=run_id)
        if summary is None:
            return show(
                request,
                "run_without_plan.html",
                desk=desk,
                here=HERE,
                run=run,
                run_id=run_id,
                state=run.state,
            )
        placed = await plans.placed(conn, run_id=run_id, after=(number - 1) * PAGE_ROWS, limit=PAGE_ROWS)
        left = await plans.left(conn, run_id=run_id, limit=PAGE_ROWS)
        released = read_release(run) if run.state == "released" else None
        out = [
            (UUID(one["intern_id"]), UUID(one["host_id"]), one["reason"])
            for one in (released.left_out[:PAGE_ROWS] if released else ())
        ]
        named = [one for row in placed for one in (row.intern_id, row.host_id)]
        named += [row.intern_id for row in left]
        who = await people.of(conn, [*named, *(one for row in out for one in row[:2])])
    say = speech_of(request)
    return show(
        request,
        "run.html",
        desk=desk,
        here=HERE,
        run=run,
        plan=summary,
        proof=proof(say, summary.stats, pins=summary.pinned, unplaced=summary.unplaced),
        most=sum(POINTS.values()),
        placed=placed,
        left=left,
        left_by_reason=_left_by_reason(say, summary),
        who=who,
        released=released,
        out=out,
        superseded=run.state == "solved" and run.releases_before != releases,
        page=number,
        pages_in_all=max(1, -(-summary.placed // PAGE_ROWS)),
    )


@router.get(HERE + "/{run_id:uuid}/plan.csv")
async def plan_csv(request: Request, run_id: UUID) -> Response:
    """The whole plan, who is left included."""
    run, _ = await _run(request, run_id)
    await at_desk(request, edition_id=run.edition_id)
    async with context_of(request).database.reading() as conn:
        if await plans.summary(conn, run_id=run_id) is None:
            raise NOT_HERE
        placed = await plans.placed(conn, run_id=run_id)
        left = await plans.left(conn, run_id=run_id)
        ids = {one.intern_id for one in placed} | {one.host_id for one in placed}
        ids |= {one.intern_id for one in left}
        who = await people.of(conn, ids)
    say = speech_of(request)

    def name(participant_id: UUID) -> tuple[str, str]:
        found = who.get(participant_id)
        return codes.named(say, found), (found.organisation_name if found else None) or ""

    header = (
        say("Praktikant"),
        say("Praktikantens arbejdsplads"),
        say("Vært"),
        say("Værtens arbejdsplads"),
        say("Dage"),
        say("Point"),
        say("Grund"),
    )
    rows: list[tuple[object, ...]] = [
        (
            *name(one.intern_id),
            *name(one.host_id),
            one.days,
            one.fit,
            ", ".join(codes.word(say, codes.PARTS, code) for code in one.reasons),
        )
        for one in placed
    ]
    rows += [(*name(one.intern_id), "", "", "", "", codes.word(say, codes.LEFT, one.reason)) for one in left]
    return csv_answer("plan", header, rows)


def proof(say: Speech, stats: Stats, *, pins: int = 0, unplaced: int = 0) -> list[str]:
    """What is proven about a plan, in sentences for people who do not solve puzzles.

    The proof is about plans that keep the pins: every claim says so, and who set them is told what they may cost.
    """
    sentences = []
    if pins:
        sentences.append(say("Alt her gælder blandt planer, der følger jeres fastlåste par."))
    if not stats.count_proven:
        sentences.append(
            say(
                "Søgningen nåede sin grænse. {placed} får plads. Måske kan flere få plads, men aldrig over {bound}."
            ).format(placed=say.number(stats.placed), bound=say.number(stats.count_bound))
        )
        sentences.append(say("Start en ny beregning, hvis du vil prøve igen."))
    else:
        sentences += _proven(say, stats)
    if pins and unplaced:
        sentences.append(say("Uden de fastlåste par kunne flere måske få en plads."))
    return sentences


def _proven(say: Speech, stats: Stats) -> list[str]:
    sentences = [say("Ingen plan kan give flere en plads. Det er bevist.")]
    if stats.fit_proven:
        sentences.append(say("Ingen plan med lige så mange pladser passer bedre samlet. Det er også bevist."))
    else:
        sentences.append(
            say(
                "Planen har {fit} point i alt. Måske findes en, der passer bedre, men aldrig over {bound}."
            ).format(fit=say.number(stats.total_fit), bound=say.number(stats.fit_bound))
        )
    if stats.fit_proven and stats.unique:
        sentences.append(say("Stod to planer lige, har lodtrækningen afgjort det."))
    return sentences


async def _run(request: Request, run_id: UUID) -> tuple[Run, int]:
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        run = await runs.find(conn, run_id=run_id)
        releases = 0 if run is None else await runs.releases(conn, edition_id=run.edition_id)
    if run is None:
        raise NOT_HERE
    return run, releases


def _left_by_reason(say: Speech, plan: plans.Summary) -> list[tuple[str, int]]:
    return [(codes.word(say, codes.LEFT, code), number) for code, number in sorted(plan.reasons.items())]
