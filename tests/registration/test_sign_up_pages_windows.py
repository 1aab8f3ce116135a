"""When sign-ups are taken: what the front page says, which edition and days a sign-up is for, and what a closing window means."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from registration.desk import Desk, host
from registration.signing_up import WEEK, Walk, answers, errors_of, text_of

ROLLING: dict[str, Any] = {
    "name": "Hele året",
    "mode": "rolling",
    "window": {"opens_at": "2018-01-01T00:00:00Z", "closes_at": None},
    "week": None,
    "dates": {"first_day": "2018-03-01", "last_day": "2018-12-31"},
}


async def test_the_front_page_says_the_last_day_that_counts(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    front = text_of(await walk.look("/"))
    assert "Sidste dag for tilmelding er 8. juni 2018." in front
    assert "10.–14. september 2018" in front
    assert "værter, der er med" not in front
    for _ in range(2):
        await desk.register(host())
    assert "Se de 2 værter, der er med indtil nu" in text_of(await walk.look("/"))
    english = text_of(await walk.look("/?lang=en"))
    assert "The last day to sign up is 8 June 2018." in english
    desk.rig.clock.advance(timedelta(days=100))
    closed = await walk.look("/")
    assert "Der er lukket for tilmelding lige nu." in text_of(closed)
    assert "/registration/sign-up/intern" not in closed.text


async def test_a_window_that_closes_at_noon_says_so(desk: Desk) -> None:
    await desk.open_edition(window={"opens_at": "2018-03-01T08:00:00Z", "closes_at": "2018-06-08T10:00:00Z"})
    assert "8. juni 2018 kl. 12.00" in text_of(await Walk(desk).look("/"))


async def test_a_closed_window_says_when_it_opens(desk: Desk) -> None:
    await desk.open_edition(
        name="Uge 37, 2019",
        window={"opens_at": "2018-12-01T08:00:00Z", "closes_at": "2019-06-07T22:00:00Z"},
        week={"year": 2019, "week": 37},
    )
    walk = Walk(desk)
    for path in ("/registration/sign-up", "/registration/sign-up/intern"):
        page = await walk.look(path)
        assert page.status_code == 200
        assert "Uge 37, 2019 åbner 1. december 2018 kl. 9.00." in text_of(page)
    assert (await walk.post("/registration/sign-up/host", walk.given["you"])).status_code == 409
    assert await walk.rows() == []


@pytest.mark.parametrize("part", ["intern", "host", "both"])
async def test_one_chooses_as_what_to_sign_up(desk: Desk, part: str) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    assert (await walk.look("/registration/sign-up")).status_code == 200
    answer = await walk.post("/registration/sign-up", {"part": part})
    assert answer.headers["location"] == f"/registration/sign-up/{part}"
    assert "Hvem er du?" in text_of(await walk.look(answer.headers["location"]))
    nothing = await walk.post("/registration/sign-up", {})
    assert (nothing.status_code, errors_of(nothing)) == (422, {"part": "Vælg, hvad du vil tilmelde"})


async def test_a_part_that_is_none_is_not_there(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    assert (await walk.look("/registration/sign-up/pilgrim")).status_code == 404
    assert (await walk.post("/registration/sign-up/pilgrim", {})).status_code == 404


async def test_where_several_editions_are_open_one_is_chosen(desk: Desk) -> None:
    await desk.open_edition()
    rolling = await desk.open_edition(**ROLLING)
    walk = Walk(desk)
    without = await walk.post("/registration/sign-up/intern", walk.given["you"])
    assert (without.status_code, errors_of(without)) == (422, {"edition": "Vælg, hvornår du vil med"})
    assert "Hele året" in text_of(without)
    await walk.sent(edition=str(rolling))
    assert [row["edition_id"] for row in await walk.rows("participant")] == [rolling]


async def test_all_days_of_the_week_mean_any_and_some_become_stretches(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk, "host", answers(days={"dates": [WEEK[0], WEEK[1], WEEK[3], WEEK[4], "2018-12-24"]}))
    await walk.sent()
    assert (await walk.bodies())["host"]["available"] == [
        {"first_day": WEEK[0], "last_day": WEEK[1]},
        {"first_day": WEEK[3], "last_day": WEEK[4]},
    ]


def _day(name: str, day: str, month: str, year: str) -> dict[str, str]:
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


async def test_in_a_long_edition_first_and_last_day_are_optional(desk: Desk) -> None:
    await desk.open_edition(**ROLLING)
    walk = Walk(desk, given=answers(time=_day("first", "1", "10", "2018")))
    await walk.sent()
    assert (await walk.bodies())["intern"]["available"] == [
        {"first_day": "2018-10-01", "last_day": "2018-12-31"}
    ]


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        (_day("first", "31", "2", "2018"), "first", "Skriv en dato, for eksempel 12 3 2027"),
        (
            _day("first", "1", "1", "2019"),
            "first",
            "Skriv en dag i perioden 9. april – 31. december 2018",
        ),
        (
            _day("last", "8", "4", "2018"),
            "last",
            "Skriv en dag i perioden 9. april – 31. december 2018",
        ),
        (
            _day("first", "2", "5", "2018") | _day("last", "1", "5", "2018"),
            "last",
            "Skriv en dag, der ligger efter den første",
        ),
        (
            _day("first", "1", "5", "2018") | _day("last", "2", "5", "2018"),
            "last",
            "Skriv en senere dag. Praktikken varer mindst 4 dage",
        ),
    ],
)
async def test_days_that_cannot_be_are_said(
    desk: Desk, given: dict[str, str], field: str, sentence: str
) -> None:
    await desk.open_edition(**ROLLING)
    walk = Walk(desk)
    await walk.until("time")
    answer = await walk.answer("time", **given)
    assert (answer.status_code, errors_of(answer)) == (422, {field: sentence})


async def test_a_window_that_closes_under_way_keeps_the_draft_and_says_so(desk: Desk) -> None:
    await desk.open_edition()
    desk.rig.clock.instant = desk.rig.clock.instant.replace(month=6, day=8, hour=21, minute=59)
    walk = Walk(desk)
    await walk.until()
    based_on = await walk.based_on()
    desk.rig.clock.advance(timedelta(minutes=1))
    late = await walk.post(f"{walk.base}/check", {"based_on": based_on})
    assert late.status_code == 409
    for answer in (late, await walk.get("check"), await walk.get("you")):
        assert "Sidste dag for Uge 37, 2018 var 8. juni 2018. Din tilmelding er ikke sendt." in text_of(
            answer
        )
        assert "Vi gemmer dine svar til 22. juni 2018" in text_of(answer)
    assert (await walk.answer("you")).status_code == 409
    assert await walk.rows("participant") == []


async def test_answers_may_be_used_for_another_edition_when_the_first_has_closed(desk: Desk) -> None:
    first = await desk.open_edition()
    host_id = await desk.register(host(edition_id=str(first)))
    rolling = await desk.open_edition(**ROLLING)
    walk = Walk(desk, given=answers(time={"route": "this"}))
    await walk.until(host=str(host_id))
    too_early = await walk.post(f"{walk.base}/edition", {"edition": str(rolling)})
    assert too_early.headers["location"] == f"{walk.base}/check"
    [before] = await walk.rows()
    assert before["edition_id"] == first
    desk.rig.clock.instant = desk.rig.clock.instant.replace(month=6, day=9)
    await walk.post(f"{walk.base}/edition", {"edition": str(first)})  # closed: no way there
    # the draft was last touched in April
    assert (await walk.get("check")).status_code == 404
    again = Walk(desk, given=answers(time={"route": "find"}))
    desk.rig.clock.instant = desk.rig.clock.instant.replace(day=8, hour=21, minute=59)
    await again.until(edition=str(first))
    desk.rig.clock.advance(timedelta(minutes=1))
    assert "Brug svarene til Hele året" in (await again.get("check")).text
    moved = await again.post(f"{again.base}/edition", {"edition": str(rolling)})
    assert moved.headers["location"] == f"{again.base}/time"
    assert (await again.answer("time")).headers["location"] == f"{again.base}/check"
    await again.send()
    assert rolling in [row["edition_id"] for row in await again.rows("participant")]


async def test_a_host_of_a_closed_edition_is_nobody_to_ask(desk: Desk) -> None:
    await desk.open_edition(window={"opens_at": "2018-03-01T08:00:00Z", "closes_at": "2018-04-10T22:00:00Z"})
    host_id = await desk.register(host())
    desk.rig.clock.advance(timedelta(days=3))
    await desk.open_edition(**ROLLING)
    walk = Walk(desk)
    for asked in (str(host_id), "nonsense"):
        page = await walk.look(f"/registration/sign-up/intern?host={asked}")
        assert "på vej til at spørge" not in text_of(page)
    await walk.until("time", host=str(host_id))
    assert (await walk.answer("time", route="this")).status_code == 422


_CLOSES_AFTER_THE_FIRST = """
create function close_window() returns trigger language plpgsql as $$
begin update edition set closes_at = opens_at + interval '1 second'; return null; end $$;
create trigger closing after insert on participant for each row execute function close_window();
"""


@pytest.mark.parametrize(
    ("language", "got", "refused", "why"),
    [
        (
            "da",
            "Vi har fået din tilmelding",
            "I er ikke tilmeldt som vært",
            "Vi lukkede for tilmelding, mens du sendte.",
        ),
        (
            "en",
            "We have received your sign-up",
            "You are not signed up as a host",
            "Sign-up closed while you were sending.",
        ),
    ],
)
async def test_a_window_that_closes_between_two_roles_is_told_on_the_receipt(
    desk: Desk, language: str, got: str, refused: str, why: str
) -> None:
    await desk.open_edition()
    walk = Walk(desk, "both", answers(you={"language": language}))
    await walk.until()
    owner = await asyncpg.connect(str(desk.rig.context.settings.migration_database_url))
    await owner.execute(_CLOSES_AFTER_THE_FIRST)
    await owner.close()
    assert (await walk.send()).status_code == 303
    assert [row["role"] for row in await walk.rows("participant")] == ["intern"]
    for _ in range(2):
        receipt = text_of(await walk.get("receipt"))
        for sentence in (got, refused, why):
            assert sentence in receipt
        for promise in ("værtskartoteket", "host registry", "Bekræft dem begge", "Confirm them both"):
            assert promise not in receipt
