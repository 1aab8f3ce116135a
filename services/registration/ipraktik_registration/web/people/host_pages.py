"""The host registry for everybody: search, list, map with a table, and a page for each host that can be shared.

Facts of organisations and the offer they wrote, nobody's name or address. The whole state of a search stands in the address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from ipraktik_chassis.access import context_of
from ipraktik_chassis.addresses import asked_language, link
from ipraktik_chassis.clock import local_day
from ipraktik_chassis.drawing import municipality_map
from ipraktik_chassis.forms import Form
from ipraktik_chassis.kept_pages import KeptPages
from ipraktik_chassis.pages import Pages, speech_of
from ipraktik_chassis.problem import NOTHING_HERE
from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import SECTORS
from ipraktik_contracts.municipalities import MUNICIPALITIES, region_of
from ipraktik_registration.store import editions, hosts_on_offer
from ipraktik_registration.store.editions import Edition
from ipraktik_registration.store.hosts_on_offer import HostOnOffer, Wanted
from ipraktik_registration.web.people.host_search import (
    Items,
    Search,
    by_name,
    items,
    municipalities_of,
    place_of,
    search_in,
)
from ipraktik_registration.web.people.told import days_words, field_name, periods, place_name, wish_words

A_PAGE: Final = 20
NEAR: Final = 5
HERE: Final = "/registration/hosts"
_MAP: Final = N_("Værter i hver kommune")
_MAP_SAYS: Final = N_("{n} kommuner har værter. Flest er der i {most}.")
_LANGUAGES: Final = {"da": N_("dansk"), "en": N_("engelsk")}


@dataclass(frozen=True, slots=True)
class Shown:
    """A host with its codes in words."""

    host: HostOnOffer
    field: str
    sector: str
    place: str
    days: str


def router(frame: Pages, *, kept: KeptPages) -> APIRouter:
    """The pages' routes. They say the same to everybody, so `kept` holds them."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(HERE)
    async def hosts(request: Request) -> Response:
        return await kept.answer(request, lambda: list_of_hosts(request))

    async def list_of_hosts(request: Request) -> Response:
        say, now = speech_of(request), context_of(request).clock.now()
        today = local_day(now)
        after, before = (_id(request.query_params.get(name)) for name in ("after", "before"))
        async with context_of(request).database.reading() as conn:
            current = [one for one in await editions.every(conn) if _is_current(one, today)]
            days = _days(current, today)
            search = search_in(request.query_params, days=days)
            wanted = search.wanted(edition_ids=tuple(one.edition_id for one in current), days=days)
            found = await hosts_on_offer.page(
                conn, wanted=wanted, after=after, before=before, limit=A_PAGE + 1
            )
            counts = await hosts_on_offer.by_place(conn, wanted=wanted.anywhere())
        listed, earlier, later = _cut(found, after=after, before=before)
        chosen = search.chosen()
        choices = items(say, days=days)
        return frame.render(
            request,
            "people/hosts.html",
            form=Form(chosen),
            places=choices["place"],
            fields=choices["field"],
            sectors=choices["sector"],
            seats=choices["seats"],
            languages=choices["speaks"],
            asked_language=asked_language(request),
            chosen=_fewer(request, chosen, choices),
            hosts=[_shown(say, one) for one in listed],
            total=_total(counts, search, days),
            open=any(one.frame.takes_sign_ups(now) for one in current),
            previous_href=link(request, HERE, **chosen, before=listed[0].participant_id) if earlier else "",
            next_href=link(request, HERE, **chosen, after=listed[-1].participant_id) if later else "",
            page_is_past_end=after is not None or before is not None,
            **_where(request, say, counts, chosen),
        )

    @routes.get(HERE + "/{participant_id}")
    async def host(request: Request, participant_id: UUID) -> Response:
        return await kept.answer(request, lambda: one_host(request, participant_id))

    async def one_host(request: Request, participant_id: UUID) -> Response:
        say, now = speech_of(request), context_of(request).clock.now()
        today = local_day(now)
        async with context_of(request).database.reading() as conn:
            one = await hosts_on_offer.one(conn, participant_id=participant_id)
            if one is None:
                if not await hosts_on_offer.was_there(conn, participant_id=participant_id):
                    raise NOTHING_HERE
                return frame.render(request, "people/host_gone.html", status=410)
            edition = await editions.one(conn, edition_id=one.edition_id)
            current = [each for each in await editions.every(conn) if _is_current(each, today)]
            near = await hosts_on_offer.page(
                conn,
                wanted=_around(
                    one, edition_ids=tuple(each.edition_id for each in current), days=_days(current, today)
                ),
                limit=NEAR + 1,
            )
        own = context_of(request).settings.registration_public_url.rstrip("/")
        return frame.render(
            request,
            "people/host.html",
            host=one,
            field=field_name(say, one.body["field"]),
            current=edition is not None and _is_current(edition, today),
            open=edition is not None and edition.frame.takes_sign_ups(now),
            rows=_rows(say, one, edition="" if edition is None else edition.frame.name),
            share=f"{own}{HERE}/{participant_id}",
            near=[_shown(say, each) for each in near if each.participant_id != participant_id][:NEAR],
        )

    return routes


def _is_current(edition: Edition, today: date) -> bool:
    """Whether stays may still lie ahead."""
    return edition.frame.last_day >= today


def _days(current: Sequence[Edition], today: date) -> tuple[date, ...]:
    """When stays of these rounds may begin, each day once: regions are shown as they are then. Today where there is no round."""
    return tuple(sorted({max(one.frame.first_day, today) for one in current})) or (today,)


def _cut(
    found: list[HostOnOffer], *, after: UUID | None, before: UUID | None
) -> tuple[list[HostOnOffer], bool, bool]:
    """The page, whether there are hosts before it, whether there are any after it."""
    more = len(found) > A_PAGE
    if before is not None:
        listed = found[1:] if more else found
        return listed, more and bool(listed), bool(listed)
    listed = found[:A_PAGE]
    return listed, after is not None and bool(listed), more


def _total(counts: dict[str | None, int], search: Search, days: Sequence[date]) -> int:
    if not search.place:
        return sum(counts.values())
    codes = municipalities_of(search.place, days) or (None,)
    return sum(counts.get(code, 0) for code in codes)


def _fewer(request: Request, chosen: dict[str, str], choices: dict[str, Items]) -> Items:
    """Each choice in words, with the address of the search without it."""
    found = []
    for name, value in chosen.items():
        words = dict(choices[name]).get(value, value) if name in choices else f"»{value}«"
        rest = {other: kept for other, kept in chosen.items() if other != name}
        found.append((words, link(request, HERE, **rest)))
    return found


def _where(
    request: Request, say: Speech, counts: dict[str | None, int], chosen: dict[str, str]
) -> dict[str, Any]:
    """The map and the table beside it, each place leading to its hosts."""
    others = {name: value for name, value in chosen.items() if name != "place"}
    hrefs = {code: link(request, HERE, **others, place=place_of(code)) for code in counts}
    known: dict[str, int | None] = {
        code: count for code, count in counts.items() if code is not None and code in MUNICIPALITIES
    }
    if not known:
        drawn: Any = ""
    else:
        most = max(known, key=lambda code: (known[code] or 0, code))
        drawn = municipality_map(
            known,
            title=say(_MAP),
            description=say(_MAP_SAYS).format(n=len(known), most=MUNICIPALITIES[most]),
            unit=say(N_("i kartoteket")),
            hrefs={code: hrefs[code] for code in known},
            nobody=say(N_("Ingen værter")),
            outlines=context_of(request).settings.outlines,
        )
    names = by_name([(place_of(code), place_name(say, code)) for code in counts])
    by_place = {place_of(code): (count, hrefs[code]) for code, count in counts.items()}
    return {"map": drawn, "counts": [(name, *by_place[place]) for place, name in names]}


def _around(host: HostOnOffer, *, edition_ids: tuple[UUID, ...], days: Sequence[date]) -> Wanted:
    """Hosts of the same region, or those abroad as well."""
    code = host.body["workplace"]["municipality_code"]
    regions = {region_of(code, day) for day in days} - {None} if code is not None else set()
    places = tuple({one for region in regions for one in municipalities_of(f"region:{region}", days)})
    return Wanted(edition_ids=edition_ids, municipalities=places, abroad=code is None)


def _rows(say: Speech, host: HostOnOffer, *, edition: str) -> list[tuple[str, str | Sequence[str]]]:
    facts = host.body
    left = say.many("{n} ledig plads", "{n} ledige pladser", host.seats_left)
    of = say(N_("ud af {n}")).format(n=say.number(facts["capacity"]))
    rows: list[tuple[str, str | Sequence[str]]] = [
        (say(N_("Fagområde")), field_name(say, facts["field"])),
        (say(N_("Sektor")), say.label(SECTORS[facts["workplace"]["sector"]])),
        (say(N_("Sted")), place_name(say, facts["workplace"]["municipality_code"])),
        (say(N_("Plads")), f"{left} {of}"),
        (say(N_("Hvor længe")), days_words(say, facts["days"])),
        (say(N_("Skriver på")), say(_LANGUAGES[host.language])),
        (say(N_("Runde")), edition),
    ]
    if facts["available"]:
        rows.append((say(N_("Kan tage imod")), periods(say, facts["available"])))
    wishes = wish_words(say, facts["wishes"])
    if wishes:
        rows.append((say(N_("Vil gerne have besøg fra")), wishes))
    return rows


def _shown(say: Speech, host: HostOnOffer) -> Shown:
    return Shown(
        host,
        field=field_name(say, host.body["field"]),
        sector=say.label(SECTORS[host.body["workplace"]["sector"]]),
        place=place_name(say, host.body["workplace"]["municipality_code"]),
        days=days_words(say, host.body["days"]),
    )


def _id(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        return None
