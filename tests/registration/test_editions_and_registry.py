"""Editions, the host registry, the coordinators' list, and the progress that others tell."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from registration.desk import Desk, bearer, edition, host, intern, workplace

from ipraktik_contracts.events import (
    AgreementSigned,
    EditionChanged,
    EvaluationRequested,
    EvaluationSubmitted,
    MatchNotFound,
    MatchProposed,
)

EDITIONS = "/registration/api/v1/editions"


async def test_a_campaign_in_an_iso_week_lasts_from_its_monday_to_its_friday(desk: Desk) -> None:
    edition_id = await desk.open_edition(draw_seed="secret-seed")
    [said] = await desk.rig.said(EditionChanged)
    assert (said.edition_id, said.dates.first_day, said.dates.last_day) == (
        edition_id,
        date(2018, 9, 10),
        date(2018, 9, 14),
    )
    listed = await desk.client.get(EDITIONS)
    assert listed.json()["editions"][0]["open"] is True
    assert "secret-seed" not in listed.text


async def test_a_rolling_edition_has_dates_and_no_end_of_its_window(desk: Desk) -> None:
    await desk.open_edition(
        mode="rolling",
        window={"opens_at": "2018-01-01T00:00:00+01:00", "closes_at": None},
        week=None,
        dates={"first_day": "2018-01-01", "last_day": "2018-12-31"},
    )
    [said] = await desk.rig.said(EditionChanged)
    assert (said.mode, said.window.closes_at) == ("rolling", None)
    desk.rig.clock.advance(timedelta(days=2000))
    assert (await desk.post(host())).status_code == 201


async def test_a_changed_edition_is_said_whole_and_an_unchanged_one_not(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    await desk.rig.said()
    body = edition(hold_mails=True)
    for _ in range(2):
        answer = await desk.client.put(f"{EDITIONS}/{edition_id}", json=body, headers=desk.coordinator())
        assert (answer.status_code, answer.json()["hold_mails"]) == (200, True)
    assert [one.hold_mails for one in await desk.rig.said(EditionChanged)] == [True]
    assert (await desk.client.get(f"{EDITIONS}/{edition_id}")).json()["hold_mails"] is True
    unknown = await desk.client.put(f"{EDITIONS}/{uuid.uuid4()}", json=body, headers=desk.coordinator())
    assert unknown.status_code == 404


async def test_opening_an_edition_again_with_the_same_key_opens_one(desk: Desk) -> None:
    headers = {**desk.coordinator(), "idempotency-key": str(uuid.uuid4())}
    first = await desk.client.post(EDITIONS, json=edition(), headers=headers)
    again = await desk.client.post(EDITIONS, json=edition(), headers=headers)
    other = await desk.client.post(EDITIONS, json=edition(name="Another"), headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()


@pytest.mark.parametrize(
    "changes",
    [
        {"week": {"year": 2018, "week": 53}},
        {"dates": {"first_day": "2018-09-10", "last_day": "2018-09-14"}},
        {"week": None},
        {"window": {"opens_at": "2018-03-01T08:00:00Z", "closes_at": None}},
        {"window": {"opens_at": "2018-03-01T08:00:00", "closes_at": "2018-06-01T08:00:00Z"}},
        {"window": {"opens_at": "0001-01-01T00:00:00+14:00", "closes_at": "9999-12-31T23:59:59-12:00"}},
        {"answer_days": 0},
        {"name": "a\u0000b"},
        {"draw_seed": "with space"},
    ],
)
async def test_a_frame_that_makes_no_sense_is_refused(desk: Desk, changes: dict[str, object]) -> None:
    answer = await desk.client.post(EDITIONS, json=edition(**changes), headers=desk.coordinator())
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_a_campaign_that_closes_after_its_stays_begin_is_refused_and_one_that_stands_so_can_change(
    desk: Desk,
) -> None:
    late = {"window": {"opens_at": "2018-03-01T08:00:00Z", "closes_at": "2018-09-10T08:00:00Z"}}
    new = await desk.client.post(EDITIONS, json=edition(**late), headers=desk.coordinator())
    edition_id = await desk.open_edition()
    changed = await desk.client.put(
        f"{EDITIONS}/{edition_id}", json=edition(**late), headers=desk.coordinator()
    )
    for answer in (new, changed):
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
        assert [one["field"] for one in answer.json()["errors"]] == ["window.closes_at"]
    async with desk.rig.database.transaction() as tx:  # as a build without this rule let it in
        await tx.conn.execute("update edition set closes_at = '2018-09-10T08:00:00Z'")
    renamed = await desk.client.put(
        f"{EDITIONS}/{edition_id}", json=edition(**late, name="Uge 37"), headers=desk.coordinator()
    )
    assert (renamed.status_code, renamed.json()["name"]) == (200, "Uge 37")


async def test_only_coordinators_open_editions_and_see_the_list_of_sign_ups(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    person = bearer(await desk.link(participant_id))
    for headers, status in (({}, 401), (person, 403)):
        assert (await desk.client.post(EDITIONS, json=edition(), headers=headers)).status_code == status
        listed = await desk.client.get("/registration/api/v1/sign-ups", headers=headers)
        assert listed.status_code == status


async def test_coordinators_see_sign_ups_without_names_page_by_page(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    ids = [await desk.sign_up(host()) for _ in range(3)]
    seen: list[str] = []
    after = None
    while True:
        query = {"edition_id": str(edition_id), "state": "unconfirmed", "limit": "2"}
        answer = await desk.client.get(
            "/registration/api/v1/sign-ups",
            params=query | ({"after": after} if after else {}),
            headers=desk.coordinator(),
        )
        assert "@" not in answer.text
        seen += [line["participant_id"] for line in answer.json()["sign_ups"]]
        after = answer.json()["after"]
        if after is None:
            break
    assert sorted(seen) == sorted(str(one) for one in ids)


async def test_the_host_registry_shows_facts_of_organisations_only(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    participant_id = await desk.register(body)
    await desk.sign_up(host())
    answer = await desk.client.get("/api/v1/hosts")
    [shown] = answer.json()["hosts"]
    assert (shown["participant_id"], shown["organisation_name"]) == (str(participant_id), "Vejle Kommune")
    for text in (body["name"], body["email"], body["offer"], body["job_title"], body["reserve"]["name"]):
        assert text not in answer.text


async def test_the_host_registry_is_searched_and_paged(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    library = await desk.register(host())
    school = await desk.register(
        host(
            field="education",
            workplace=workplace(organisation_name="Skolen", sector="private", ownership="private"),
        )
    )

    async def found(**query: str) -> list[str]:
        answer = await desk.client.get("/api/v1/hosts", params=query)
        return [one["participant_id"] for one in answer.json()["hosts"]]

    assert await found(field="education") == [str(school)]
    assert await found(sector="municipal") == [str(library)]
    assert await found(municipality_code="0751") == [str(school)]
    both = sorted([str(library), str(school)])
    assert await found(edition_id=str(edition_id)) == both
    assert await found(edition_id=str(uuid.uuid4())) == []
    first = (await desk.client.get("/api/v1/hosts", params={"limit": "1"})).json()
    assert [first["hosts"][0]["participant_id"], *await found(after=first["after"])] == both
    for bad in ({"limit": "0"}, {"edition_id": "x"}, {"sector": "x"}, {"field": "\u0000"}):
        refused = await desk.client.get("/api/v1/hosts", params=bad)
        assert refused.status_code in (400, 422)
        assert refused.headers["content-type"] == "application/problem+json"


async def test_the_overview_shows_how_far_placements_and_evaluations_have_come(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    guest, place = await desk.register(intern()), await desk.register(host())
    placement: dict[str, Any] = {
        "placement_id": uuid.uuid4(),
        "edition_id": edition_id,
        "intern_id": guest,
        "host_id": place,
        "group_id": None,
    }
    days: dict[str, Any] = {"first_day": date(2018, 9, 10), "last_day": date(2018, 9, 13)}
    now = desk.rig.clock.now()
    proposed = MatchProposed(**placement, **days, run_id=None, origin="matched", answer_by=now, reasons=())
    signed = AgreementSigned(**placement, **days, version=1, fingerprint="0" * 64)
    late = desk.rig.envelope(proposed)
    newer = desk.rig.envelope(signed)
    await desk.rig.intake.take([desk.rig.record(newer), desk.rig.record(late)])
    asked: dict[str, Any] = {
        "evaluation_id": uuid.uuid4(),
        "edition_id": edition_id,
        "placement_id": placement["placement_id"],
        "party": "host",
        "wave": "after",
        "question_set_version": 1,
        "answer_by": now,
    }
    await desk.rig.tell(EvaluationRequested(**asked), EvaluationSubmitted(**asked))

    intern_sees, host_sees = await desk.own(guest), await desk.own(place)
    assert [one["state"] for one in intern_sees["placements"]] == ["signed"]
    assert intern_sees["placements"][0]["other_organisation"] == "Vejle Kommune"
    assert host_sees["placements"][0]["other_organisation"] == "Aarhus Kommune"
    assert (intern_sees["evaluations"], host_sees["evaluations"][0]["state"]) == ([], "submitted")


async def test_the_overview_tells_of_a_run_without_a_place(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    guest = await desk.register(intern())
    assert (await desk.own(guest))["no_place_final"] is None
    for final in (False, True):
        await desk.rig.tell(
            MatchNotFound(
                participant_id=guest,
                edition_id=edition_id,
                run_id=uuid.uuid4(),
                reason="no_free_place",
                final=final,
            )
        )
        assert (await desk.own(guest))["no_place_final"] is final
