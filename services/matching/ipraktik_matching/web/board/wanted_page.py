"""Which hosts to look for: the kinds by field, sector and region, and what one more seat of each would bring.

Asked of the sign-ups of this moment, so that it helps before the window closes; where there are too many of them for a page, the
advice that was made with the last run is shown.
"""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_contracts.codes import SECTORS
from ipraktik_contracts.municipalities import REGIONS
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.puzzle import PuzzleError
from ipraktik_matching.puzzle.advice import Wanted
from ipraktik_matching.puzzle.pieces import companions
from ipraktik_matching.solver import SolverFailed
from ipraktik_matching.store import runs
from ipraktik_matching.store.board import advice
from ipraktik_matching.web.board import codes
from ipraktik_matching.web.board.asking import counsel
from ipraktik_matching.web.board.csv_out import csv_answer
from ipraktik_matching.web.board.desk import NOT_HERE, ROOT, BoardRoute, at_desk, show
from ipraktik_matching.web.board.live import live_puzzle

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
MENU = f"{ROOT}/balance"
HERE = f"{ROOT}/hosts-wanted"
MOST_SHOWN = 30
_RUNS_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Found:
    """The advice. `state`: now, of_run, over, too_large or failed; `exact`: nobody travels in pairs, so the places are exact."""

    state: str
    rows: tuple[Wanted, ...] = ()
    run: runs.RunLine | None = None
    exact: bool = False


@router.get(HERE)
async def hosts_wanted(request: Request) -> Response:
    """The kinds that would help most."""
    desk = await at_desk(request)
    if desk.edition is None:
        return show(request, "no_edition.html", desk=desk, here=MENU)
    found = await _found(request, desk.edition.edition_id)
    say = speech_of(request)
    return show(
        request,
        "hosts_wanted.html",
        desk=desk,
        here=MENU,
        found=found,
        rows=_together(say, found.rows)[:MOST_SHOWN],
        helping=sum(one.places for one in found.rows),
    )


@router.get(HERE + ".csv")
async def as_csv(request: Request) -> Response:
    """Every kind in a file."""
    desk = await at_desk(request)
    if desk.edition is None:
        raise NOT_HERE
    found = await _found(request, desk.edition.edition_id)
    say = speech_of(request)
    header = (say("Fag"), say("Sektor"), say("Region"), say("Flere med plads"), say("Point, højst"))
    return csv_answer("hosts", header, [(*_words(say, one), one.places, one.fit) for one in found.rows])


async def _found(request: Request, edition_id: UUID) -> Found:
    try:
        live = await live_puzzle(request, edition_id=edition_id)
        if live is None:
            return await _of_last_run(request, edition_id) or Found("too_large")
        told = await counsel(request).asked({"ask": "hosts", "sectors": list(SECTORS)}, live.text)
    except Refused:
        return Found("over")
    except (PuzzleError, SolverFailed):
        return await _of_last_run(request, edition_id) or Found("failed")
    rows = tuple(Wanted(**one) for one in told if one["places"] or one["fit"])
    return Found("now", rows, exact=not companions(live.puzzle.interns))


async def _of_last_run(request: Request, edition_id: UUID) -> Found | None:
    async with context_of(request).database.reading() as conn:
        for run in await runs.of_edition(conn, edition_id=edition_id, limit=_RUNS_LOOKED_AT):
            if run.placed is None:
                continue
            told = await advice.of_run(conn, run_id=run.run_id, whom=())
            if told is not None and told.sentence is None:
                return Found("of_run", told.wanted, run)
    return None


def _together(say: Speech, rows: tuple[Wanted, ...]) -> list[tuple[str, str, str, Wanted]]:
    """Kinds that differ in their sector alone and bring the same, in one row."""
    sectors: dict[tuple[str, str, int, int], list[Wanted]] = {}
    for one in rows:
        sectors.setdefault((one.field, one.region, one.places, one.fit), []).append(one)
    found = []
    for alike in sectors.values():
        field, _, region = _words(say, alike[0])
        every = len(alike) == len(SECTORS)
        named = say("Alle") if every else ", ".join(_words(say, one)[1] for one in alike)
        found.append((field, named, region, alike[0]))
    return found


def _words(say: Speech, one: Wanted) -> tuple[str, str, str]:
    sector = say.label(SECTORS[one.sector]) if one.sector in SECTORS else one.sector
    return codes.field(say, one.field), sector, REGIONS.get(one.region, one.region)
