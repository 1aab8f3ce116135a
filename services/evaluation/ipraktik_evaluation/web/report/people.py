"""Who took part: figures, the map, regions, ministerial areas and kinds of hosts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ipraktik_chassis.drawing import Bar, Outlines, bars, municipality_map
from ipraktik_chassis.texts import N_, Speech
from ipraktik_contracts.codes import MINISTERIAL_AREAS, SECTORS
from ipraktik_contracts.municipalities import MUNICIPALITIES, REGIONS
from ipraktik_evaluation.domain.taking_part import UNKNOWN, counts_in
from ipraktik_evaluation.web.report.sections import Figure, Section, Table

FIGURES: Final = (
    ("stays", N_("Gennemførte praktikker")),
    ("participants", N_("Deltagere i gennemførte praktikker")),
    ("interns", N_("– heraf praktikanter")),
    ("hosts", N_("– heraf værter")),
    ("workplaces", N_("Arbejdspladser")),
    ("organisations", N_("Organisationer")),
    ("municipalities", N_("Kommuner")),
    ("regions", N_("Regioner")),
    ("ministerial_areas", N_("Ministerområder")),
    ("signed_up_interns", N_("Tilmeldte praktikanter")),
    ("signed_up_hosts", N_("Tilmeldte værter")),
)
FEW: Final = N_("vises ikke (for få)")
_NOT_SAID: Final = N_("Ikke oplyst")
_ABROAD: Final = N_("Udland eller ikke oplyst")
_OWNERSHIPS: Final = {
    "public": N_("Offentlig"),
    "private": N_("Privat"),
    "association": N_("Forening"),
}
_IN_TABLE: Final = N_("Tallene står i tabellen nedenfor.")


def people_section(body: Mapping[str, Any], say: Speech, *, outlines: Outlines | None) -> Section:
    """Everything about who took part. Revisions from before kinds were counted show the figures alone."""
    figures = body["figures"]
    counted = Table(
        "table-figures",
        say(N_("Deltagelse i tal")),
        (say(N_("Hvad")), say(N_("Antal"))),
        [(say(label), say.number(figures[code])) for code, label in FIGURES],
    )
    shown = [Figure(counted)]
    paragraphs = []
    if figures["region_codes"]:
        names = ", ".join(REGIONS.get(code, code) for code in figures["region_codes"])
        paragraphs.append(say(N_("Regioner på praktikkernes første dag: {names}.")).format(names=names))
    if kinds := body.get("taking_part"):
        shown += [
            _map(kinds["municipalities"], say, outlines),
            _bars("regions", N_("Deltagere efter region"), kinds["regions"], _region(say), say),
            _bars(
                "ministries",
                N_("Statslige deltagere efter ministerområde"),
                kinds["ministerial_areas"],
                _ministry(say),
                say,
            ),
            _bars("sectors", N_("Værter efter sektor"), kinds["host_sectors"], _sector(say), say),
            _bars("ownerships", N_("Værter efter ejerskab"), kinds["host_ownerships"], _ownership(say), say),
        ]
    return Section("people", say(N_("Hvem der var med")), paragraphs, figures=shown)


def group_name(table: str, code: str, say: Speech) -> str:
    """What a group is called, by the table it stands in."""
    makers = {
        "municipalities": _municipality,
        "regions": _region,
        "ministerial_areas": _ministry,
        "host_sectors": _sector,
        "host_ownerships": _ownership,
    }
    return makers[table](say)(code)


def _map(groups: Sequence[Mapping[str, Any]], say: Speech, outlines: Outlines | None) -> Figure:
    title = say(N_("Deltagere efter kommune"))
    named = _municipality(say)
    values = {code: count for code, count in counts_in(groups).items() if code in MUNICIPALITIES}
    drawing = municipality_map(
        values,
        title=title,
        description=say(
            _IN_TABLE if outlines else N_("Hver kommune er en firkant. Tallene står i tabellen nedenfor.")
        ),
        unit=say(N_("deltagere")),
        nobody=say(N_("Ingen deltagere")),
        silent=say(N_("Var med, men tallet vises ikke")),
        outlines=outlines,
    )
    words = say.many(
        "Kortet viser {n} kommune, der var med.",
        "Kortet viser {n} kommuner, der var med.",
        len(values),
    )
    return Figure(
        _table("municipalities", title, groups, named, say),
        drawing,
        title,
        print_drawing=True,
        drawing_words=words,
    )


def _bars(
    name: str,
    title: str,
    groups: Sequence[Mapping[str, Any]],
    named: Callable[[str], str],
    say: Speech,
) -> Figure:
    heading = say(title)
    table = _table(name, heading, groups, named, say)
    if not groups:
        return Figure(table, None, heading)
    drawing = bars(
        [Bar(named(one["code"]), one["count"], _count(one["count"], say)) for one in groups],
        title=heading,
        description=say(_IN_TABLE),
    )
    return Figure(table, drawing, heading)


def _table(
    name: str, title: str, groups: Sequence[Mapping[str, Any]], named: Callable[[str], str], say: Speech
) -> Table:
    rows = sorted((named(one["code"]), _count(one["count"], say)) for one in groups)
    return Table(f"table-{name}", title, (say(N_("Gruppe")), say(N_("Antal"))), rows)


def _count(count: int | None, say: Speech) -> str:
    return say(FEW) if count is None else say.number(count)


def _municipality(say: Speech) -> Callable[[str], str]:
    return lambda code: say(_ABROAD) if code == UNKNOWN else MUNICIPALITIES.get(code, code)


def _region(say: Speech) -> Callable[[str], str]:
    return lambda code: say(_ABROAD) if code == UNKNOWN else REGIONS.get(code, code)


def _ministry(say: Speech) -> Callable[[str], str]:
    return lambda code: (
        say.label(MINISTERIAL_AREAS[code])
        if code in MINISTERIAL_AREAS
        else say(_NOT_SAID)
        if code == UNKNOWN
        else code
    )


def _sector(say: Speech) -> Callable[[str], str]:
    return lambda code: say.label(SECTORS[code]) if code in SECTORS else say(_NOT_SAID)


def _ownership(say: Speech) -> Callable[[str], str]:
    return lambda code: say(_OWNERSHIPS.get(code, _NOT_SAID))
