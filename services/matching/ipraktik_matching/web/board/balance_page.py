"""The balance: what interns wish for against the places there are, by field and by region; as a drawing, a table and a file."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.drawing import Two, mirrored
from ipraktik_chassis.pages import speech_of
from ipraktik_chassis.texts import Speech
from ipraktik_contracts.municipalities import REGIONS, region_of
from ipraktik_matching.domain.balance import ABROAD, Balance, by_field, by_region, totals
from ipraktik_matching.store.board import balance as store
from ipraktik_matching.store.editions import Edition
from ipraktik_matching.web.board import codes
from ipraktik_matching.web.board.csv_out import csv_answer
from ipraktik_matching.web.board.desk import NOT_HERE, ROOT, BoardRoute, at_desk, show

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/balance"
_MOST_BARS = 10


@router.get(HERE)
async def balance(request: Request) -> Response:
    """Drawings and tables."""
    desk = await at_desk(request)
    if desk.edition is None:
        return show(request, "no_edition.html", desk=desk, here=HERE)
    fields, regions, everybody = await _numbers(request, desk.edition)
    say = speech_of(request)
    return show(
        request,
        "balance.html",
        desk=desk,
        here=HERE,
        totals=everybody,
        parts_of=[
            _part(say, "fields", say("Fag"), fields, _scarce_fields(say, fields)),
            _part(say, "regions", say("Regioner"), regions, _scarce_regions(say, regions)),
        ],
    )


@router.get(HERE + ".csv")
async def as_csv(request: Request) -> Response:
    """Both tables in one file."""
    desk = await at_desk(request)
    if desk.edition is None:
        raise NOT_HERE
    fields, regions, _ = await _numbers(request, desk.edition)
    say = speech_of(request)
    header = (
        say("Opdelt efter"),
        say("Navn"),
        say("Praktikanter, der ønsker det"),
        say("Praktikanter derfra"),
        say("Værter"),
        say("Pladser"),
        say("Ledige pladser"),
    )
    rows = [
        (kind, _name(say, row.code), row.wished, row.interns, row.hosts, row.seats, row.free)
        for kind, one in ((say("Fag"), fields), (say("Region"), regions))
        for row in one.rows
    ]
    return csv_answer("balance", header, rows)


async def _numbers(request: Request, edition: Edition) -> tuple[Balance, Balance, Any]:
    async with context_of(request).database.reading() as conn:
        of_fields, of_municipalities = await store.shares(conn, edition_id=edition.edition_id)
        placed = await store.placed(conn, edition_id=edition.edition_id)
        fields = await store.wished_fields(conn, edition_id=edition.edition_id)
        areas = await store.wished_areas(conn, edition_id=edition.edition_id)
    regions = by_region(of_municipalities, areas, region_of=lambda code: region_of(code, edition.first_day))
    return by_field(of_fields, fields), regions, totals(of_fields, placed=placed)


def _part(say: Speech, key: str, heading: str, one: Balance, finding: str) -> dict[str, Any]:
    return {
        "key": key,
        "heading": heading,
        "finding": finding,
        "open_to_all": one.open_to_all,
        "rows": [(_name(say, row.code), row) for row in one.rows],
        "drawing": _drawing(say, one, heading=heading, finding=finding),
        "shown": min(len(one.rows), _MOST_BARS),
        "all": len(one.rows),
    }


def _drawing(say: Speech, one: Balance, *, heading: str, finding: str) -> str:
    rows = [Two(_name(say, row.code), row.wished, row.seats) for row in one.rows[:_MOST_BARS]]
    return mirrored(
        rows,
        left=say("Ønsker"),
        right=say("Pladser"),
        title=f"{heading}: {finding}",
        description=say(
            "To søjler for hver: ønsker til venstre, pladser til højre. Tallene står i tabellen."
        ),
    )


def _scarce_fields(say: Speech, one: Balance) -> str:
    return _scarce(say, one) or say("Der er pladser nok i alle fag, som praktikanterne ønsker.")


def _scarce_regions(say: Speech, one: Balance) -> str:
    return _scarce(say, one) or say("Der er pladser nok i alle regioner, som praktikanterne ønsker.")


def _scarce(say: Speech, one: Balance) -> str:
    named: Sequence[str] = [
        say("{name} ({wished}, {seats})").format(
            name=_name(say, row.code),
            wished=say.many("{n} ønske", "{n} ønsker", row.wished),
            seats=say.many("{n} plads", "{n} pladser", row.seats),
        )
        for row in one.scarce
    ]
    return say("Der mangler flest pladser her: {names}.").format(names=", ".join(named)) if named else ""


def _name(say: Speech, code: str) -> str:
    if code == ABROAD:
        return say("Uden for Danmark")
    return REGIONS[code] if code in REGIONS else codes.field(say, code)
