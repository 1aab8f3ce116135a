"""What a question page needs to be shown: its fields filled in as they were answered, or as most people answer, and its choices."""

from collections.abc import Mapping
from typing import Any, Final

from ipraktik_chassis.forms import Form, day_fields
from ipraktik_contracts.codes import SECTORS
from ipraktik_registration.store.workplaces import of_host
from ipraktik_registration.web.sign_up import bodies, choices, flow, workplaces
from ipraktik_registration.web.sign_up.asking import Around
from ipraktik_registration.web.sign_up.drafting import Begun

_USUAL: Final[Mapping[str, Mapping[str, str]]] = {
    flow.PLACE: {"country": "DK"},
    flow.STAY: {"open": "yes"},
    flow.OFFER: {"open": "yes", "capacity": "1", "days-min": "2", "days-max": "5"},
    flow.TIME: {"route": "find"},
    flow.DAYS: {"route": "find"},
}


def filled_in(page: str, around: Around) -> Form:
    """The page's fields as they were answered, or as most people answer."""
    answers = around.draft.answers
    given: dict[str, Any] = {**_USUAL.get(page, {}), **flow.standing_on(answers, page)}
    if not flow.standing_on(answers, page) and page == flow.TIME and around.draft.host_id:
        given["route"] = "this"
    if page == flow.TIME and not given.get("length"):
        fewest, most = bodies.journey_days(answers.get(flow.STAY, {}).get("journey", ""))
        given["length"] = f"{fewest}-{most}"
    if page in (flow.TIME, flow.DAYS):
        if not given.get("dates"):
            given["dates"] = [day.isoformat() for day in choices.days_to_tick(around.frame)]
        for name in ("first", "last"):
            if text := given.pop(name, ""):
                given |= day_fields(name, choices.day_of(text))
    return Form({name: value for name, value in given.items() if isinstance(value, str | list)})


async def offered(page: str, around: Around, at: Begun, *, form: Form | None = None) -> dict[str, Any]:
    """The page's place in the flow and its choices."""
    draft, say = around.draft, around.say
    before = flow.page_before(draft.part, draft.answers, page)
    number, of = flow.step_of(draft.part, page)
    common = {
        "at": at,
        "part": draft.part,
        "step": number,
        "steps": of,
        "back": at.path(before) if before else "",
        "action": at.path(page),
    }
    match page:
        case flow.YOU:
            return common | {"fields": choices.fields(say), "edition": at.edition, "editions": []}
        case flow.WORKPLACE:
            names = await workplaces.suggestions(around.conn, part=draft.part, day=around.today)
            return common | {"suggestions": names}
        case flow.WHICH:
            text = draft.answers.get(flow.WORKPLACE, {}).get("organisation", "")
            alike = await workplaces.alike(around.conn, text, part=draft.part, day=around.today)
            return common | {"typed": text, "alike": [_match(say, one) for one in alike]}
        case flow.PLACE:
            return common | _place(around, form)
        case flow.STAY:
            return common | {"journeys": choices.journeys(say)}
        case flow.WISHES | flow.GUESTS:
            return common | {
                "fields": choices.fields(say),
                "sectors": choices.sectors(say, SECTORS),
                "areas": choices.regions(around.frame.first_day),
            }
        case flow.TIME:
            fewest, most = bodies.journey_days(draft.answers.get(flow.STAY, {}).get("journey", ""))
            return (
                common
                | _dates(around)
                | {
                    "length": choices.length_text(say, fewest, most),
                    "lengths": choices.lengths(say, fewest, most),
                    "host": await _host(around),
                }
            )
        case flow.DAYS:
            return common | _dates(around)
        case flow.PEOPLE:
            return common | {"time": draft.answers.get(flow.TIME, {})}
        case _:
            return common


def _place(around: Around, form: Form | None) -> dict[str, Any]:
    say, draft = around.say, around.draft
    work = flow.work_of(draft.answers)
    sector = work.sector if work else None
    text = form.filled("municipality")[:200] if form else ""
    alike = workplaces.municipalities_like(text) if text else []
    return {
        "organisation": work.organisation
        if work
        else draft.answers.get(flow.WORKPLACE, {}).get("organisation", ""),
        "sectors": [] if sector else choices.sectors(say, workplaces.sectors_for(draft.part)),
        "areas": choices.ministerial_areas(say) if sector in (None, "state") else [],
        "countries": choices.countries(say),
        "alike": workplaces.names_of(alike) if len(alike) > 1 else [],
        "municipalities": choices.municipalities(),
    }


def _dates(around: Around) -> dict[str, Any]:
    frame = around.frame
    return {
        "dates": choices.ticks(around.say, choices.days_to_tick(frame)),
        "within": (frame.first_day, frame.last_day),
    }


async def _host(around: Around) -> str:
    """The organisation of the host from whose page the intern came; empty where there is none any more."""
    if around.draft.host_id is None:
        return ""
    return await of_host(around.conn, participant_id=around.draft.host_id) or ""


def _match(say: Any, match: workplaces.Match) -> tuple[str, str, str]:
    sector = match.work.sector
    return match.code, match.work.organisation, say.label(SECTORS[sector]) if sector else ""
