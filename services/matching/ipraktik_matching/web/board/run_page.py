"""One run: what its plan does, what is proven about it, who is left and why; and the plan as a file."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import speech_of
from ipraktik_matching import policies
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import advice, people, plans
from ipraktik_matching.store.runs import Run
from ipraktik_matching.usecases.release_run import read_release
from ipraktik_matching.web.board import codes, policy_form, remark_words
from ipraktik_matching.web.board.csv_out import csv_answer
from ipraktik_matching.web.board.desk import NOT_HERE, PAGE_ROWS, ROOT, BoardRoute, at_desk, page_in, show
from ipraktik_matching.web.board.run_words import left_by_reason, proof

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/runs"
MOST_REMARKS = 50


@router.get(HERE + "/{run_id:uuid}")
async def run_page(request: Request, run_id: UUID) -> Response:
    """The run as it stands."""
    run, releases = await _run(request, run_id)
    desk = await at_desk(request, edition_id=run.edition_id)
    number = page_in(request)
    say = speech_of(request)
    async with context_of(request).database.reading() as conn:
        summary = await plans.summary(conn, run_id=run_id)
        odd = run.remarks[:MOST_REMARKS]
        of_remarks = await people.of(conn, remark_words.ids_in(odd))
        remarks = remark_words.told(say, odd, of_remarks)
        if summary is None:
            return show(
                request,
                "run_without_plan.html",
                desk=desk,
                here=HERE,
                run=run,
                going=run,
                remarks=remarks,
                stopped=any(one.code == "problem" for one in odd),
            )
        placed = await plans.placed(conn, run_id=run_id, after=(number - 1) * PAGE_ROWS, limit=PAGE_ROWS)
        left = await plans.left(conn, run_id=run_id, limit=PAGE_ROWS)
        told = await advice.of_run(conn, run_id=run_id, whom=[one.intern_id for one in left])
        released = read_release(run) if run.state == "released" else None
        out = [
            (UUID(one["intern_id"]), UUID(one["host_id"]), one["reason"])
            for one in (released.left_out[:PAGE_ROWS] if released else ())
        ]
        named = [one for row in placed for one in (row.intern_id, row.host_id)]
        named += [row.intern_id for row in left]
        who = await people.of(conn, [*named, *(one for row in out for one in row[:2])])
    return show(
        request,
        "run.html",
        desk=desk,
        here=HERE,
        run=run,
        plan=summary,
        remarks=remarks,
        turned=policy_form.changed(say, policies.read(run.policy)),
        advice=told,
        proof=proof(
            say, summary.stats, pins=summary.pinned, unplaced=summary.unplaced, certified=run.certified
        ),
        placed=placed,
        left=left,
        left_by_reason=left_by_reason(say, summary),
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
        told = await advice.of_run(conn, run_id=run_id)
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
        say("Pointene del for del"),
        say("Grund"),
        say("Det giver en plads"),
    )
    rows: list[tuple[object, ...]] = [
        (
            *name(one.intern_id),
            *name(one.host_id),
            one.days,
            one.fit,
            ", ".join(codes.parts_of(say, one.parts)),
            ", ".join(codes.word(say, codes.PARTS, code) for code in one.reasons),
            "",
        )
        for one in placed
    ]
    rows += [
        (
            *name(one.intern_id),
            *("", "", "", "", ""),
            codes.word(say, codes.LEFT, one.reason),
            ""
            if told is None or (helps := told.helps.get(one.intern_id)) is None
            else codes.helped_by(say, helps),
        )
        for one in left
    ]
    return csv_answer("plan", header, rows)


async def _run(request: Request, run_id: UUID) -> tuple[Run, int]:
    await at_desk(request)
    async with context_of(request).database.reading() as conn:
        run = await runs.find(conn, run_id=run_id)
        releases = 0 if run is None else await runs.releases(conn, edition_id=run.edition_id)
    if run is None:
        raise NOT_HERE
    return run, releases
