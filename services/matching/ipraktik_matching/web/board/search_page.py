"""One box: people, organisations and cases, in all editions."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.forms import Form, form_of
from ipraktik_chassis.pages import speech_of
from ipraktik_matching.store.board import cases, people
from ipraktik_matching.web.board.desk import ROOT, BoardRoute, at_desk, show, words_in

router = APIRouter(include_in_schema=False, route_class=BoardRoute)
HERE = f"{ROOT}/search"
MOST = 20
FEWEST_SIGNS = 2


@router.get(HERE)
async def box(request: Request) -> Response:
    """The box alone."""
    return show(request, "search.html", desk=await at_desk(request), here=HERE, form=Form(), words="")


@router.post(HERE)
async def search(request: Request) -> Response:
    """What the words find. Changes nothing, so the page itself is the answer: led on to, the words would stand in an address."""
    desk = await at_desk(request)
    words = words_in(await form_of(request))
    if len(words) < FEWEST_SIGNS:
        say = speech_of(request)
        form = Form({"q": words}, {"q": say("Skriv mindst {n} tegn").format(n=FEWEST_SIGNS)})
        return show(request, "search.html", desk=desk, here=HERE, form=form, words="", status=422)
    async with context_of(request).database.reading() as conn:
        ids = await people.find(conn, words=words, limit=MOST + 1)
        span = people.span_of(words)
        placements = (
            await cases.with_ids_like(conn, first=span[0], last=span[1], limit=MOST)
            if span is not None
            else []
        )
        found = await cases.brief(conn, placement_ids=placements)
        found += await cases.of_participants(conn, participant_ids=ids[:MOST], limit=MOST)
        organisations = await people.organisations(conn, words=words, limit=MOST)
        who = await people.of(
            conn, [*ids[:MOST], *(one for row in found for one in (row.intern_id, row.host_id))]
        )
    return show(
        request,
        "search.html",
        desk=desk,
        here=HERE,
        form=Form({"q": words}),
        words=words,
        people=[who[one] for one in ids[:MOST] if one in who],
        more=len(ids) > MOST,
        cases=list({row.placement_id: row for row in found}.values())[:MOST],
        organisations=organisations,
        editions={one.edition_id: one.name for one in desk.editions},
        who=who,
    )
