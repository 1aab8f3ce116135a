"""The page on which a person changes the sign-up: all of it at once, nothing lost, errors that keep what was written."""

import re
import uuid
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from registration.desk import Desk, host, intern, named, workplace

from ipraktik_contracts.events import ConsentRequested, LinkRequested, ParticipantUpdated

ROLLING = {"mode": "rolling", "window": {"opens_at": "2018-03-01T08:00:00Z", "closes_at": None}} | {
    "week": None,
    "dates": {"first_day": "2018-03-01", "last_day": "2019-02-28"},
}


def path(participant_id: uuid.UUID) -> str:
    return f"/registration/sign-ups/{participant_id}/update"


def fields_on(page: httpx.Response) -> list[tuple[str, str]]:
    """What a browser would send from the page's form as it is shown."""
    form = page.text.partition("<main")[2].partition("</main>")[0]
    found: list[tuple[str, str]] = []
    for tag in re.findall(r"<input [^>]*>", form):
        marks = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if marks["type"] in ("radio", "checkbox") and " checked" not in tag:
            continue
        found.append((marks["name"], unescape(marks.get("value", ""))))
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL):
        found.append((name, unescape(text)))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        found.append((name, chosen.group(1) if chosen else ""))
    return found


def changed(fields: list[tuple[str, str]], **values: str | list[str]) -> list[tuple[str, str]]:
    """The same with other values for these names, `_` for `-`."""
    named_so = {name.replace("_", "-"): value for name, value in values.items()}
    kept = [(name, value) for name, value in fields if name not in named_so]
    for name, value in named_so.items():
        kept += [(name, one) for one in (value if isinstance(value, list) else [value])]
    return kept


async def send(desk: Desk, participant_id: uuid.UUID, fields: list[tuple[str, str]]) -> httpx.Response:
    return await desk.client.post(
        path(participant_id),
        content=urlencode(fields),
        headers={
            "cookie": f"ipraktik={await desk.link(participant_id)}",
            "accept": "text/html",
            "content-type": "application/x-www-form-urlencoded",
        },
    )


async def shown(desk: Desk, participant_id: uuid.UUID) -> list[tuple[str, str]]:
    page = await desk.page(path(participant_id), await desk.link(participant_id))
    assert page.status_code == 200, page.text
    return fields_on(page)


FRIEND, PLACE = intern(), host()


@pytest.mark.parametrize("edition", [{}, ROLLING])
@pytest.mark.parametrize(
    "body",
    [
        intern(),
        intern(
            language="en",
            manager={"name": "Chef", "email": "chef@example.org", "language": "da"},
            companion=named(FRIEND),
            host_in_mind=named(PLACE),
            wishes={
                "fields": ["libraries", "law"],
                "sectors": ["state"],
                "areas": ["region:nordjylland", "municipality:0630", "country:SE"],
                "own_organisation": True,
            },
            available=[{"first_day": "2018-09-11", "last_day": "2018-09-13"}],
            motivation='Jeg vil "se" <andre> & lære.\n\nMeget.',
            unplaced_before=True,
        ),
        intern(self_found_host=named(PLACE)),
        host(),
        host(
            available=[
                {"first_day": "2018-09-10", "last_day": "2018-09-10"},
                {"first_day": "2018-09-12", "last_day": "2018-09-14"},
            ],
            self_found_intern=named(FRIEND),
            reserve=None,
            workplace=workplace(
                organisation_name="Malmö stad", municipality_code=None, country="SE", ownership="public"
            ),
        ),
        host(
            workplace=workplace(sector="state", ministerial_area="culture", ownership="private"),
            days={"min": 3, "max": 3},
        ),
    ],
)
async def test_what_is_sent_back_untouched_changes_nothing(
    desk: Desk, body: dict[str, Any], edition: dict[str, Any]
) -> None:
    await desk.open_edition(**edition)
    participant_id = await desk.register(body)
    before = await desk.own(participant_id)
    await desk.rig.said()
    answer = await send(desk, participant_id, await shown(desk, participant_id))
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/registration/sign-ups/{participant_id}?saved=1",
    )
    assert await desk.own(participant_id) == before
    assert await desk.rig.said() == []


async def test_a_change_is_saved_said_and_shown(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(intern())
    await desk.rig.said()
    fields = changed(
        await shown(desk, participant_id),
        field="law",
        days_min="3",
        days_max="4",
        dates=["2018-09-11", "2018-09-12", "2018-09-14"],
        areas=["region:midtjylland"],
        companion_name="Kollega",
        companion_email="kollega@example.org",
    )
    answer = await send(desk, participant_id, fields)
    assert answer.status_code == 303
    [said] = await desk.rig.said(ParticipantUpdated)
    assert (said.field, said.days.min, said.days.max) == ("law", 3, 4)
    assert [str(one.first_day) for one in said.available] == ["2018-09-11", "2018-09-14"]
    details = (await desk.own(participant_id))["details"]
    assert details["wishes"]["areas"] == ["region:midtjylland"]
    assert details["companion"] == {"name": "Kollega", "email": "kollega@example.org"}
    page = await desk.page(answer.headers["location"], await desk.link(participant_id))
    assert "Din tilmelding er rettet" in page.text


async def test_errors_name_their_fields_and_keep_everything_that_was_written(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(intern())
    before = await desk.own(participant_id)
    wrong = changed(
        await shown(desk, participant_id),
        name="",
        manager_email="chef",
        days_min="5",
        days_max="3",
        companion_name="Kollega",
        municipality="",
        motivation="x" * 2001,
    )
    answer = await send(desk, participant_id, wrong)
    assert answer.status_code == 422
    assert "<title>Fejl: Ret din tilmelding" in answer.text
    for field in ("name", "manager-email", "days-max", "companion-email", "municipality", "motivation"):
        assert f'href="#{field}"' in answer.text, field
        assert f'id="{field}"' in answer.text, field
    kept = fields_on(answer)
    assert sorted(kept) == sorted(wrong)
    assert await desk.own(participant_id) == before


async def test_a_day_that_is_none_is_said_beside_it(desk: Desk) -> None:
    await desk.open_edition(**ROLLING)
    participant_id = await desk.register(host())
    fields = await shown(desk, participant_id)
    odd = changed(fields, first_1_day="31", first_1_month="2", first_1_year="2018", last_1_day="2")
    answer = await send(desk, participant_id, odd)
    assert answer.status_code == 422
    assert 'href="#first-1"' in answer.text
    half = changed(fields, first_2_day="1", first_2_month="5", first_2_year="2018")
    answer = await send(desk, participant_id, half)
    assert answer.status_code == 422
    assert 'href="#last-2"' in answer.text


async def test_two_windows_do_not_overwrite_each_other_unasked(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    first, second = [await shown(desk, participant_id) for _ in range(2)]
    assert (await send(desk, participant_id, changed(first, capacity="3"))).status_code == 303
    again = await send(desk, participant_id, changed(first, capacity="3"))
    assert again.status_code == 303, "the same sent twice is the same"
    stale = await send(desk, participant_id, changed(second, capacity="1", offer="Et skrivebord"))
    assert stale.status_code == 409
    assert "ændret et andet sted" in stale.text
    assert "Et skrivebord" in stale.text
    assert (await desk.own(participant_id))["details"]["capacity"] == 3
    meant = await send(desk, participant_id, fields_on(stale))
    assert meant.status_code == 303
    assert (await desk.own(participant_id))["details"]["capacity"] == 1


async def test_a_new_address_ends_the_session_and_a_link_goes_there(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host(language="en"))
    old = await desk.link(participant_id)
    await desk.rig.said()
    answer = await send(
        desk, participant_id, changed(await shown(desk, participant_id), email="ny@example.org")
    )
    assert answer.headers["location"] == "/registration/address-changed?lang=en"
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert len(await desk.rig.said(LinkRequested)) == 1
    assert (await desk.page(path(participant_id), old)).status_code == 410
    assert "new inbox" in (await desk.client.get(answer.headers["location"])).text


async def test_a_manager_who_has_not_answered_is_asked_at_the_new_address(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.sign_up(intern())
    await desk.act(participant_id, "confirmation")
    await desk.rig.said()
    fields = changed(await shown(desk, participant_id), manager_email="ny-chef@example.org")
    assert (await send(desk, participant_id, fields)).status_code == 303
    assert len(await desk.rig.said(ConsentRequested)) == 1


async def test_a_host_chosen_in_the_registry_stays_or_gives_way(desk: Desk) -> None:
    await desk.open_edition()
    place_id = await desk.register(host())
    participant_id = await desk.register(intern(host_in_mind={"participant_id": str(place_id)}))
    fields = await shown(desk, participant_id)
    assert ("route", "this") in fields
    assert (await send(desk, participant_id, changed(fields, job_title="Bibliotekar"))).status_code == 303
    details = (await desk.own(participant_id))["details"]
    assert details["host_in_mind"] == {"participant_id": str(place_id)}
    fields = changed(await shown(desk, participant_id), route="find")
    assert (await send(desk, participant_id, fields)).status_code == 303
    assert (await desk.own(participant_id))["details"]["host_in_mind"] is None


async def test_before_the_address_is_confirmed_and_after_the_end_there_is_nothing_to_change(
    desk: Desk,
) -> None:
    await desk.open_edition()
    fresh = await desk.sign_up(host())
    assert (await desk.page(path(fresh), await desk.link(fresh))).status_code == 409
    gone = await desk.register(host())
    await desk.act(gone, "withdrawal", {})
    page = await desk.page(path(gone), await desk.link(gone))
    assert page.status_code == 409
    assert "Tilmeldingen er afsluttet" in page.text
