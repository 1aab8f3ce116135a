"""Editions at the desk: opened, changed with what the change means, and two who change one at once."""

import uuid

from registration.counter import HERE, count, hidden, links, see, send, words
from registration.desk import Desk, host

from ipraktik_contracts.events import EditionChanged

CAMPAIGN = {
    "name": "Uge 37, 2019",
    "mode": "campaign",
    "opens-day": "1",
    "opens-month": "3",
    "opens-year": "2019",
    "opens_time": "8.00",
    "closes-day": "7",
    "closes-month": "6",
    "closes-year": "2019",
    "closes_time": "23:59",
    "when": "week",
    "year": "2019",
    "week": "37",
    "answer_days": "7",
    "sign_days": "21",
    "follow_up": "6",
}


def filled(page: str) -> dict[str, str]:
    """The text fields and choices of the form as the page has them."""
    found: dict[str, str] = {}
    for part in page.split("<input ")[1:]:
        tag = part.partition(">")[0]
        if 'type="radio"' in tag and " checked" not in tag:
            continue
        if 'type="checkbox"' in tag and " checked" not in tag:
            continue
        name = tag.partition('name="')[2].partition('"')[0]
        found[name] = tag.partition('value="')[2].partition('"')[0]
    return found


async def test_an_edition_is_opened_once_however_often_it_is_sent(desk: Desk) -> None:
    form = CAMPAIGN | {"key": hidden(await see(desk, "editions/new"), "key")}
    for _ in range(2):
        assert (await send(desk, "editions/new", form)).headers["location"] == f"{HERE}/editions?done=opened"
    [said] = await desk.rig.said(EditionChanged)
    assert (said.name, str(said.dates.first_day), str(said.dates.last_day)) == (
        "Uge 37, 2019",
        "2019-09-09",
        "2019-09-13",
    )
    assert said.window.opens_at.isoformat() == "2019-03-01T07:00:00+00:00"
    assert str(said.window.closes_at) == "2019-06-07 21:59:00+00:00"
    page = words(await see(desk, "editions?done=opened"))
    assert "Runden er oprettet." in page
    assert "Uge 37, 2019 Åbner senere" in page
    other = await send(desk, "editions/new", form | {"name": "En anden"})
    assert (other.status_code, "oprettet med andre oplysninger" in words(other)) == (409, True)


async def test_a_rolling_edition_lies_between_two_days_and_stays_open(desk: Desk) -> None:
    form = {name: value for name, value in CAMPAIGN.items() if not name.startswith("closes-")} | {
        "mode": "rolling",
        "when": "dates",
        "first-day": "1",
        "first-month": "1",
        "first-year": "2018",
        "last-day": "31",
        "last-month": "12",
        "last-year": "2018",
        "opens-year": "2018",
        "hold_mails": "yes",
        "key": str(uuid.uuid4()),
    }
    assert (await send(desk, "editions/new", form)).status_code == 303
    [said] = await desk.rig.said(EditionChanged)
    assert (said.window.closes_at, said.hold_mails, str(said.dates.last_day)) == (None, True, "2018-12-31")
    page = words(await see(desk, "editions"))
    assert "Åben 1. marts 2018 kl. 8.00 Lukker ikke 1. januar – 31. december 2018 Holdes tilbage" in page


_NO_CLOSING = {"closes-day": "", "closes-month": "", "closes-year": ""}
_TWO_DAYS = {
    "when": "dates",
    "first-day": "9",
    "first-month": "9",
    "first-year": "2019",
    "last-day": "13",
    "last-month": "9",
    "last-year": "2019",
}
WRONG: list[tuple[dict[str, str], list[str]]] = [
    ({"name": " "}, ["name"]),
    ({"name": "x" * 101}, ["name"]),
    ({"mode": ""}, ["mode"]),
    ({"opens-day": "31", "opens-month": "2"}, ["opens"]),
    ({"opens-day": "", "opens-month": "", "opens-year": ""}, ["opens"]),
    ({"opens_time": "25.00"}, ["opens"]),
    ({"closes-day": "", "closes-month": "", "closes-year": ""}, ["closes"]),
    ({"closes-year": "2018"}, ["closes"]),
    ({"when": ""}, ["when"]),
    ({"week": "54"}, ["week"]),
    ({"week": "53"}, ["week"]),
    ({"week": "", "year": "x"}, ["year", "week"]),
    ({"week": "53", "year": "2" * 5000}, ["year"]),
    ({"opens-day": "1", "opens-month": "1", "opens-year": "1", "opens_time": "0.00"}, ["opens"]),
    ({"closes-day": "31", "closes-month": "12", "closes-year": "9999", "closes_time": "24.00"}, ["closes"]),
    ({"when": "dates"}, ["first", "last"]),
    ({"answer_days": "0", "sign_days": "x", "follow_up": "25"}, ["answer_days", "sign_days", "follow_up"]),
    # what is wrong only beside another field is named together with the rest
    (_NO_CLOSING | {"name": " "}, ["name", "closes"]),
    (_NO_CLOSING | {"name": " ", "week": "53", "follow_up": ""}, ["name", "closes", "week", "follow_up"]),
    ({"closes-year": "2018", "when": ""}, ["closes", "when"]),
    ({"closes-month": "10", "answer_days": ""}, ["closes", "answer_days"]),
    (_TWO_DAYS | {"last-year": "2018"}, ["last"]),
    (_TWO_DAYS | {"last-year": "2018", "name": " "}, ["name", "last"]),
    (_TWO_DAYS | {"first-month": "13", "sign_days": "0"}, ["first", "sign_days"]),
    (
        _TWO_DAYS | {"first-year": "1999", "last-year": "2101", "follow_up": "x"},
        ["first", "last", "follow_up"],
    ),
    (
        _TWO_DAYS | {"closes-month": "10", "last-day": "", "last-month": "", "last-year": ""},
        ["closes", "last"],
    ),
    (
        dict.fromkeys(CAMPAIGN, "") | {"mode": "campaign", "when": "dates"},
        ["name", "opens", "closes", "first", "last", "answer_days", "sign_days", "follow_up"],
    ),
]


async def test_each_field_says_what_to_mend(desk: Desk) -> None:
    for changes, fields in WRONG:
        page = await send(desk, "editions/new", CAMPAIGN | {"key": str(uuid.uuid4())} | changes)
        assert page.status_code == 422, changes
        found = [address[1:] for address in links(page, "#") if address != "#main-content"]
        assert found == fields, (changes, found)
    assert await count(desk, "edition") == 0


async def test_a_campaign_that_places_people_before_its_window_closes_is_refused(desk: Desk) -> None:
    late = {"closes-day": "9", "closes-month": "9"}  # the Monday of week 37
    page = await send(desk, "editions/new", CAMPAIGN | {"key": str(uuid.uuid4())} | late)
    assert (page.status_code, "Tilmeldingen skal lukke, før praktikken begynder." in words(page)) == (
        422,
        True,
    )
    eve = {"closes-day": "8", "closes-month": "9", "closes_time": "24.00"}
    assert (await send(desk, "editions/new", CAMPAIGN | {"key": str(uuid.uuid4())} | eve)).status_code == 303
    [said] = await desk.rig.said(EditionChanged)
    assert str(said.window.closes_at) == "2019-09-08 22:00:00+00:00"


async def test_a_campaign_that_stands_so_can_still_be_changed_in_everything_else(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    async with (
        desk.rig.database.transaction() as tx
    ):  # as a build without that rule let it in, seconds and all
        await tx.conn.execute("update edition set closes_at = '2018-09-12T21:59:59Z'")
    form = filled((await see(desk, f"editions/{edition_id}")).text)
    shown = await send(desk, f"editions/{edition_id}", form | {"name": "Uge 37"})
    assert (await send(desk, f"editions/{edition_id}", filled(shown.text))).status_code == 303
    said = (await desk.rig.said(EditionChanged))[-1]
    assert (said.name, str(said.window.closes_at)) == ("Uge 37", "2018-09-12 21:59:59+00:00")
    form = filled((await see(desk, f"editions/{edition_id}")).text)
    worse = await send(desk, f"editions/{edition_id}", form | {"closes-day": "13"})
    assert (worse.status_code, "Tilmeldingen skal lukke" in words(worse)) == (422, True)


async def test_a_week_that_the_year_has_not_is_told_with_the_years_weeks_and_examples_are_to_come(
    desk: Desk,
) -> None:
    new = CAMPAIGN | {"key": str(uuid.uuid4())}
    assert "2019 har 52 uger. Skriv en uge fra 1 til 52." in words(
        await send(desk, "editions/new", new | {"week": "53"})
    )
    odd = words(await send(desk, "editions/new", new | {"opens-day": "31", "opens-month": "2", "year": "x"}))
    assert "for eksempel 8 6 2019" in odd
    assert "for eksempel 2019" in odd


async def test_two_rounds_of_the_same_name_are_told_apart_by_their_days(desk: Desk) -> None:
    await desk.open_edition()
    await desk.open_edition(week={"year": 2018, "week": 38})
    for page in ("sign-ups", "register?role=intern", "import"):
        shown = words(await see(desk, page))
        for days in ("10.–14. september 2018", "17.–21. september 2018"):
            assert f"Uge 37, 2018 ({days})" in shown, page


async def test_last_before_first_is_told_at_the_last(desk: Desk) -> None:
    dates = {"first-day": "2", "last-day": "1"} | {
        f"{end}-{part}": value
        for end in ("first", "last")
        for part, value in (("month", "9"), ("year", "2019"))
    }
    page = await send(desk, "editions/new", CAMPAIGN | {"key": str(uuid.uuid4()), "when": "dates"} | dates)
    assert (page.status_code, 'href="#last"' in page.text) == (422, True)


async def test_a_change_is_shown_with_what_it_means_before_it_is_saved(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    await desk.register(host())
    await desk.sign_up(host())
    await desk.rig.said()
    form = filled((await see(desk, f"editions/{edition_id}")).text)
    assert {name: form[name] for name in ("when", "year", "week", "closes_time")} == {
        "when": "week",
        "year": "2018",
        "week": "37",
        "closes_time": "24.00",
    }
    change = form | {"closes-day": "8", "closes-month": "4", "week": "38", "hold_mails": "yes"}
    shown = await send(desk, f"editions/{edition_id}", change)
    said = words(shown)
    for text in (
        *("8. juni 2018", "8. april 2018", "17. september 2018", "Holdes tilbage"),
        *("lukkes for nye tilmeldinger med det samme", "flytter ikke med", "bliver holdt tilbage"),
        *("1 tilmelding gælder allerede", "1 venter på svar og kan stadig nå det"),
    ):
        assert text in said, text
    assert await desk.rig.said(EditionChanged) == []
    again = await send(desk, f"editions/{edition_id}", filled(shown.text) | {"back": "yes"})
    assert 'name="week" class="form-input input-width-xs" value="38"' in again.text
    for _ in range(2):
        saved = await send(desk, f"editions/{edition_id}", filled(shown.text))
        assert saved.headers["location"] == f"{HERE}/editions?done=changed"
    [changed] = await desk.rig.said(EditionChanged)
    assert (str(changed.dates.first_day), changed.hold_mails) == ("2018-09-17", True)


async def test_saving_nothing_says_so(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    await desk.rig.said()
    form = filled((await see(desk, f"editions/{edition_id}")).text)
    sent = await send(desk, f"editions/{edition_id}", form)
    assert sent.headers["location"].endswith("?done=same")
    assert await desk.rig.said(EditionChanged) == []
    assert (await send(desk, f"editions/{edition_id}", form | {"name": ""})).status_code == 422
    assert (await see(desk, f"editions/{uuid.uuid4()}")).status_code == 404


async def test_two_who_change_an_edition_at_once_notice(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    one = filled((await see(desk, f"editions/{edition_id}")).text)
    first = await send(desk, f"editions/{edition_id}", one | {"name": "Den første"})
    second = await send(desk, f"editions/{edition_id}", one | {"answer_days": "9"})
    assert (await send(desk, f"editions/{edition_id}", filled(first.text))).status_code == 303
    late = await send(desk, f"editions/{edition_id}", filled(second.text))
    assert late.status_code == 409
    assert "En anden har ændret runden" in words(late)
    assert filled(late.text)["name"] == "Den første"
    assert [said.name for said in await desk.rig.said(EditionChanged)] == ["Uge 37, 2018", "Den første"]
