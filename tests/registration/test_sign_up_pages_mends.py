"""What the question pages say when something does not fit: a sentence per field that tells the mend, with the input kept."""

from collections.abc import Mapping
from typing import Any

import pytest
from registration.desk import Desk, host, workplace
from registration.signing_up import WEEK, Walk, answers, errors_of, text_of

AN_ADDRESS = "Skriv en e-mail som navn@eksempel.dk"
EMPTY: dict[tuple[str, str], Mapping[str, str]] = {
    ("intern", "workplace"): {
        "organisation": "Skriv, hvor du arbejder",
        "manager-name": "Skriv navnet på din nærmeste leder",
        "manager-email": "Skriv din leders e-mail",
    },
    ("host", "workplace"): {"organisation": "Skriv, hvor du arbejder"},
    ("intern", "which"): {"choice": "Vælg din arbejdsplads, eller vælg “Nej, ingen af dem”"},
    ("intern", "place"): {
        "sector": "Vælg, hvilken slags arbejdsplads det er",
        "municipality": "Skriv den kommune, som din arbejdsplads ligger i",
    },
    ("intern", "stay"): {"journey": "Vælg den rejse, der ligner din mest"},
    ("intern", "wishes"): {"fields": "Vælg mindst ét ønske, eller gå tilbage, og vælg det åbne svar"},
    ("intern", "time"): {
        "dates": "Vælg de dage, der passer",
        "route": "Vælg, hvordan vi skal finde et match",
    },
    ("intern", "people"): {
        "host-name": "Skriv navnet på din kontakt hos værten",
        "host-email": "Skriv værtens e-mail",
        "companion-name": "Skriv navnet på din rejsefælle",
        "companion-email": "Skriv din rejsefælles e-mail",
    },
    ("host", "guests"): {"fields": "Vælg mindst ét ønske, eller gå tilbage, og vælg det åbne svar"},
    ("host", "days"): {"dates": "Vælg de dage, der passer"},
    ("host", "guest"): {
        "intern-name": "Skriv navnet på praktikanten",
        "intern-email": "Skriv praktikantens e-mail",
    },
}


def everything_asked() -> dict[str, dict[str, Any]]:
    """Answers that lead over every page."""
    return answers(
        workplace={"organisation": "Bibliotekerne i Vejle"},
        stay={"open": "no"},
        time={"route": "found", "companion": "yes"},
        offer={"open": "no"},
        days={"route": "found"},
    )


@pytest.mark.parametrize(("part", "page"), EMPTY)
async def test_an_empty_page_says_field_by_field_what_is_wanted(desk: Desk, part: str, page: str) -> None:
    await desk.open_edition()
    walk = Walk(desk, part, everything_asked())
    await walk.until(page)
    kept = await walk.rows()
    answer = await walk.post(f"{walk.base}/{page}", {})
    assert (answer.status_code, list(errors_of(answer).items())) == (
        422,
        list(EMPTY[part, page].items()),
    )
    assert "<title>Fejl:" in answer.text
    for field in EMPTY[part, page]:
        assert f'id="{field}"' in answer.text
    assert await walk.rows() == kept


async def test_nothing_is_kept_before_the_first_page_is_answered_well(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    answer = await walk.post(
        "/registration/sign-up/intern", {"name": " ", "email": "søren", "job-title": "Planlægger"}
    )
    assert (answer.status_code, errors_of(answer)) == (
        422,
        {"name": "Skriv dit navn", "email": AN_ADDRESS, "field": "Vælg dit fagområde"},
    )
    assert 'value="søren"' in answer.text
    assert 'value="Planlægger"' in answer.text
    assert await walk.rows() == []


WRONG: dict[str, tuple[str, str, dict[str, Any], dict[str, str]]] = {
    "an address that is none": (
        "intern",
        "workplace",
        {"manager-email": "leder@kommune"},
        {"manager-email": AN_ADDRESS},
    ),
    "half a reserve": (
        "host",
        "workplace",
        {"reserve-name": "Karen"},
        {"reserve-email": "Skriv e-mailen på den anden kontakt, eller slet navnet"},
    ),
    "a name on two lines": (
        "intern",
        "people",
        {"companion-name": "a\nb"},
        {"companion-name": "Skriv det på én linje og uden særlige tegn"},
    ),
    "a long text": (
        "intern",
        "stay",
        {"motivation": "x" * 2001},
        {"motivation": "Skriv det kortere: højst 2000 tegn"},
    ),
    "the longest stay before the shortest": (
        "host",
        "offer",
        {"days-min": "4", "days-max": "3"},
        {"days-max": "Vælg et tal, der er mindst lige så stort som det første"},
    ),
    "eleven fields": (
        "intern",
        "wishes",
        {
            "fields": [
                "analysis",
                "children",
                "climate",
                "culture",
                "defence",
                "digital",
                "education",
                "elderly",
                "finance",
                "health",
                "hr",
            ]
        },
        {"fields": "Vælg højst 10 fagområder"},
    ),
    "too few days in a row": (
        "intern",
        "time",
        {"dates": [WEEK[0], WEEK[1], WEEK[3], WEEK[4]]},
        {"dates": "Vælg flere dage i træk. Praktikken varer mindst 4 dage"},
    ),
    "no municipality of that name": (
        "intern",
        "place",
        {"municipality": "Atlantis"},
        {"municipality": "Skriv en del af kommunens navn, for eksempel “vej” for Vejle"},
    ),
    "several municipalities": (
        "intern",
        "place",
        {"municipality": "vej"},
        {"municipality-code": "Vælg den rigtige kommune"},
    ),
    "a sector that interns do not come from": (
        "intern",
        "place",
        {"sector": "private"},
        {"sector": "Vælg, hvilken slags arbejdsplads det er"},
    ),
}


@pytest.mark.parametrize("case", WRONG)
async def test_what_does_not_fit_is_said_and_kept_for_mending(desk: Desk, case: str) -> None:
    part, page, changes, expected = WRONG[case]
    await desk.open_edition()
    walk = Walk(desk, part, everything_asked())
    await walk.until(page)
    wrong = await walk.answer(page, **changes)
    assert (wrong.status_code, errors_of(wrong)) == (422, expected)
    for field, value in changes.items():
        assert field == "sector" or all(
            one in wrong.text for one in ([value] if isinstance(value, str) else value)
        )
    assert (await walk.answer(page)).status_code == 303


@pytest.mark.parametrize(
    ("part", "page", "field"),
    [
        ("intern", "workplace", "manager-email"),
        ("intern", "people", "host-email"),
        ("intern", "people", "companion-email"),
        ("host", "workplace", "reserve-email"),
        ("host", "guest", "intern-email"),
    ],
)
async def test_nobody_names_themselves(desk: Desk, part: str, page: str, field: str) -> None:
    await desk.open_edition()
    walk = Walk(desk, part, everything_asked())
    await walk.until(page)
    own = walk.given["you"]["email"].upper()
    answer = await walk.answer(page, **{field: own, "reserve-name": "Karen"})
    assert answer.status_code == 422
    assert errors_of(answer)[field].endswith("Det her er din egen")


async def test_an_address_that_becomes_ones_own_later_is_found_when_sending(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.until()
    moved = await walk.answer("you", email=walk.given["workplace"]["manager-email"])
    assert moved.headers["location"] == f"{walk.base}/check"
    sent = await walk.send()
    assert sent.headers["location"] == f"{walk.base}/workplace?mend=yes"
    page = await walk.look(sent.headers["location"])
    assert list(errors_of(page)) == ["manager-email"]
    assert await walk.rows("participant") == []


@pytest.mark.parametrize(
    ("typed", "name", "code"),
    [
        ("Københavns Kommune", "Københavns Kommune", "0101"),
        ("københavn", "Københavns Kommune", "0101"),
        ("ÅRHUS kommune", "Aarhus Kommune", "0751"),
        ("Bornholms Regionskommune", "Bornholms Regionskommune", "0400"),
        ("Lyngby Taarbæk", "Lyngby-Taarbæk Kommune", "0173"),
        ("Nordfyn", "Nordfyns Kommune", "0480"),
    ],
)
async def test_the_name_of_a_municipality_tells_everything(
    desk: Desk, typed: str, name: str, code: str
) -> None:
    await desk.open_edition()
    walk = Walk(desk, given=answers(workplace={"organisation": typed}))
    await walk.sent()
    assert walk.seen == ["you", "workplace", "stay", "time"]
    told = (await walk.bodies())["intern"]["workplace"]
    assert (told["organisation_name"], told["municipality_code"]) == (name, code)


async def test_a_region_is_asked_only_for_its_municipality(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk, given=answers(workplace={"organisation": "region midtjylland"}))
    await walk.until("place")
    page = await walk.get("place")
    assert 'name="sector"' not in page.text
    assert (await walk.answer("place", municipality="vib")).status_code == 303
    again = await walk.get("place")
    assert 'value="Viborg"' in again.text
    assert "Region Midtjylland" in text_of(again)


async def test_a_municipality_is_found_by_part_of_its_name(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk, given=answers(workplace={"organisation": "Statens Ting"}))
    await walk.until("place")
    several = await walk.answer("place", municipality="vej")
    assert [one in several.text for one in ('value="0575"', 'value="0630"')] == [True, True]
    chosen = await walk.answer("place", municipality="vej", **{"municipality-code": "0575"})
    assert chosen.headers["location"] == f"{walk.base}/stay"
    await walk.until()


async def test_known_organisations_are_suggested_to_those_they_fit(desk: Desk) -> None:
    await desk.open_edition()
    await desk.register(host(workplace=workplace(organisation_name="Vejle Sygehus", sector="regional")))
    await desk.register(
        host(workplace=workplace(organisation_name="Vejle Maskiner", sector="private", ownership="private"))
    )
    walk = Walk(desk, given=answers(workplace={"organisation": "vejle s"}))
    await walk.until("which")
    page = text_of(await walk.get("which"))
    assert "Vejle Sygehus" in page
    assert "Vejle Maskiner" not in page
    choice = (await walk.get("which")).text.partition('value="organisation:')[2].partition('"')[0]
    following = await walk.answer("which", choice=f"organisation:{choice}")
    assert following.headers["location"] == f"{walk.base}/place"
    assert 'name="sector"' not in (await walk.get("place")).text
    forged = await walk.answer("which", choice="organisation:nonsense")
    assert list(errors_of(forged)) == ["choice"]


async def test_a_workplace_abroad_has_a_country_and_no_municipality(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(
        desk,
        "host",
        answers(
            workplace={"organisation": "Malmö stad"},
            place={"country": "SE", "municipality": "", "sector": "municipal"},
        ),
    )
    await walk.sent()
    told = (await walk.bodies())["host"]["workplace"]
    assert (told["country"], told["municipality_code"]) == ("SE", None)
