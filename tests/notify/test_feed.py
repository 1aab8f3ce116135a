"""The HTTP feed: everything of one's scope, by cursors that pass nothing, waited for without a database connection."""

import asyncio
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from notify.agency import FEED, TOKENS, Agency, agency_of, bearer, logged, say
from notify.conftest import Notify
from notify.facts import Story
from prometheus_client import CollectorRegistry

from ipraktik_chassis.web import RESTING
from ipraktik_contracts.events import AgreementSigned, MatchProposed, ParticipantRegistered
from ipraktik_contracts.topics import PLACEMENTS
from ipraktik_notify.usecases import read_events
from ipraktik_notify.web import waiting
from ipraktik_notify.web.app import create

SIGNED, PROPOSED, REGISTERED = (
    cls.ce_type() for cls in (AgreementSigned, MatchProposed, ParticipantRegistered)
)
PROBLEM = "application/problem+json"


async def _season(notify: Notify, stories: int = 3) -> None:
    for story in (Story() for _ in range(stories)):
        await say(notify, *story.people(), story.proposed(), story.signed())


@pytest.mark.parametrize("limit", [1, 7, 1000])
async def test_a_reader_who_follows_the_links_has_the_log_itself(
    notify: Notify, agency: Agency, limit: int
) -> None:
    await _season(notify)
    assert await agency.read_all(limit=limit) == await logged(notify)


async def test_an_answer_is_a_cloudevents_batch_with_the_very_texts_of_the_log(
    notify: Notify, agency: Agency
) -> None:
    await _season(notify, 1)
    answer = await agency.read()
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    async with notify.rig.database.reading() as conn:
        rows = await conn.fetch("select event from event_log order by position")
    assert answer.text == f"[{','.join(row['event'] for row in rows)}]"
    assert answer.headers["feed-behind"] == "0"
    assert answer.headers["feed-cursor"] in answer.headers["link"]


async def test_types_are_chosen_and_the_cursor_goes_on_past_what_was_not(
    notify: Notify, agency: Agency
) -> None:
    await _season(notify)
    whole = await logged(notify)
    for limit in (1, 2, 100):
        found = await agency.read_all(limit=limit, type=[SIGNED, PROPOSED])
        assert found == [one for one in whole if one["type"] in (SIGNED, PROPOSED)]
    answer = await agency.read(type=SIGNED)
    assert int(answer.headers["feed-cursor"].partition(".")[0]) == len(whole)
    await say(notify, Story().edition())
    again = await agency.read(type=SIGNED, after=answer.headers["feed-cursor"])
    assert again.json() == []
    assert again.headers["feed-cursor"] != answer.headers["feed-cursor"]
    assert again.headers["feed-behind"] == "0"


async def test_a_token_opens_its_scope_and_no_more(notify: Notify, agency: Agency) -> None:
    await _season(notify, 1)
    whole = await logged(notify)
    agency.as_agency = await agency.headers(topics=[PLACEMENTS.name], types=[REGISTERED])
    found = await agency.read_all(limit=2)
    assert found == [one for one in whole if one["type"] in (SIGNED, PROPOSED, REGISTERED)]
    agency.as_agency = await agency.headers(types=[SIGNED])
    assert [one["type"] for one in await agency.read_all()] == [SIGNED]
    refused = await agency.read(type=PROPOSED)
    assert (refused.status_code, refused.headers["content-type"]) == (403, PROBLEM)
    assert PROPOSED in refused.json()["detail"]


async def test_a_batch_ends_before_it_grows_too_large(
    notify: Notify, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _season(notify)
    monkeypatch.setattr(read_events, "PAGE_BYTES", 3000)
    answer = await agency.read(limit=1000)
    assert 1 < len(answer.json()) < 6
    assert await agency.read_all(limit=1000) == await logged(notify)
    monkeypatch.setattr(read_events, "PAGE_BYTES", 1)
    assert len((await agency.read(limit=1000)).json()) == 1  # never none: a reader would stand still


async def test_nothing_new_is_said_in_a_word(notify: Notify, agency: Agency) -> None:
    await _season(notify, 1)
    first = await agency.read()
    tag = {"if-none-match": first.headers["etag"]}
    same = await agency.http.get(FEED, headers={**agency.as_agency, **tag})
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["etag"] == first.headers["etag"]
    assert same.headers["feed-cursor"] == first.headers["feed-cursor"]
    assert first.headers["cache-control"] == "private, no-cache"
    await say(notify, Story().edition())
    changed = await agency.http.get(FEED, headers={**agency.as_agency, **tag})
    assert changed.status_code == 200
    assert len(changed.json()) == len(first.json()) + 1


async def test_an_empty_log_is_an_empty_batch(agency: Agency) -> None:
    answer = await agency.read()
    assert (answer.json(), answer.headers["feed-cursor"], answer.headers["feed-behind"]) == ([], "0", "0")


ODD_QUESTIONS = [
    ("limit=0", "limit"),
    ("limit=-1", "limit"),
    ("limit=1000000", "limit"),
    ("limit=ten", "limit"),
    ("wait=11", "wait"),
    ("wait=-1", "wait"),
    ("after=", "after"),
    ("after=17", "after"),
    ("after=latest", "after"),
    ("after=1.XYZ", "after"),
    ("after=" + "9" * 5000, "after"),
    ("type=x", "type"),
    ("type=dk.innovationspraktik.ContactChanged.v1", "type"),
    ("type=dk.innovationspraktik.AgreementSigned.v2", "type"),
]


async def test_an_odd_question_gets_a_problem_that_names_the_field(
    subtests: pytest.Subtests, agency: Agency
) -> None:
    for query, field in ODD_QUESTIONS:
        with subtests.test(str(query)):
            answer = await agency.http.get(f"{FEED}?{query}", headers=agency.as_agency)
            assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
            assert field in answer.json()["errors"][0]["field"]
            assert answer.json()["errors"][0]["message"]


async def test_a_cursor_from_the_future_or_of_another_log_is_refused_with_the_mend(
    notify: Notify, agency: Agency
) -> None:
    await _season(notify, 1)
    cursor = (await agency.read()).headers["feed-cursor"]
    position, _, mark = cursor.partition(".")
    for odd, title in (
        (f"{int(position) + 1}.{mark}", "ahead"),
        (f"{'9' * 18}.{mark}", "ahead"),
        (f"{int(position) - 1}.{mark}", "not of this log"),
        (f"{position}.{mark[::-1]}", "not of this log"),
    ):
        answer = await agency.read(after=odd)
        assert (answer.status_code, answer.headers["content-type"]) == (409, PROBLEM)
        assert title in answer.json()["title"]
        assert "begin again with 0" in answer.json()["detail"]


async def test_a_reader_waits_for_what_comes_and_gets_it_at_once(notify: Notify, agency: Agency) -> None:
    await _season(notify, 1)
    cursor = (await agency.read()).headers["feed-cursor"]
    started = time.monotonic()
    waiting_for = asyncio.create_task(agency.read(after=cursor, wait=7))
    await asyncio.sleep(0.3)
    assert not waiting_for.done()
    (said,) = await say(notify, Story().edition())
    answer = await waiting_for
    assert [one["id"] for one in answer.json()] == [said]
    assert time.monotonic() - started < 5


async def test_a_reader_of_one_type_goes_on_waiting_while_others_come(notify: Notify, agency: Agency) -> None:
    waiting_for = asyncio.create_task(agency.read(type=SIGNED, wait=7))
    await asyncio.sleep(0.1)
    await say(notify, Story().edition())
    await asyncio.sleep(2.5 * waiting.LOOK_SECONDS)
    assert not waiting_for.done()
    (said,) = await say(notify, Story().signed())
    assert [one["id"] for one in (await waiting_for).json()] == [said]


async def test_waiting_in_vain_ends_with_an_empty_batch_in_time(notify: Notify, agency: Agency) -> None:
    started = time.monotonic()
    answer = await agency.read(wait=1)
    assert 0.9 < time.monotonic() - started < 3
    assert (answer.status_code, answer.json()) == (200, [])
    assert "wait=1" in answer.links["next"]["url"]


async def test_who_has_something_to_read_does_not_wait(notify: Notify, agency: Agency) -> None:
    await _season(notify, 1)
    started = time.monotonic()
    assert (await agency.read(wait=10)).json()
    assert time.monotonic() - started < 2


async def test_those_who_wait_hold_no_connection_and_are_no_unfinished_work(notify: Notify) -> None:
    """More wait than the pool has connections; the log is still read and written meanwhile, and time may move on."""
    resting = 0

    class Rest:
        def __enter__(self) -> None:
            nonlocal resting
            resting += 1

        def __exit__(self, *_: object) -> None:
            nonlocal resting
            resting -= 1

    app = create(replace(notify.rig.context, registry=CollectorRegistry()))

    async def served(scope: Any, receive: Any, send: Any) -> None:
        scope[RESTING] = Rest
        await app(scope, receive, send)

    pool = notify.rig.database.pool
    async with agency_of(notify) as agency:
        tokens = [await agency.headers() for _ in range(5)]
        async with httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://notify") as http:
            readers = [
                asyncio.create_task(http.get(FEED, params={"wait": 6}, headers=token))
                for token in tokens
                for _ in range(4)
            ]
            async with asyncio.timeout(5):
                while resting < len(readers):  # noqa: ASYNC110 - the readers are what is waited for
                    await asyncio.sleep(0.01)
            assert len(readers) > pool.get_max_size()
            assert pool.get_size() - pool.get_idle_size() <= 1  # the one look for all of them
            (said,) = await say(notify, Story().edition())
            for answer in await asyncio.gather(*readers):
                assert [one["id"] for one in answer.json()] == [said]
            assert resting == 0


async def test_only_so_many_may_wait(notify: Notify) -> None:
    notify.rig.context.settings.feed_waiting = 3
    async with agency_of(notify) as agency:
        others = await agency.headers()
        asked = [asyncio.create_task(agency.read(wait=2)) for _ in range(3)]
        await asyncio.sleep(0.3)
        refused = await agency.http.get(FEED, params={"wait": 2}, headers=others)
        assert (refused.status_code, refused.headers["content-type"]) == (503, PROBLEM)
        assert int(refused.headers["retry-after"]) > 0
        assert (await agency.http.get(FEED, headers=others)).status_code == 200
        assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * 3


async def test_one_token_does_not_take_all_the_room_to_wait(agency: Agency) -> None:
    asked = [asyncio.create_task(agency.read(wait=2)) for _ in range(waiting.MOST_PER_TOKEN)]
    await asyncio.sleep(0.3)
    refused = await agency.read(wait=2)
    assert (refused.status_code, refused.headers["content-type"]) == (429, PROBLEM)
    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200] * len(asked)


async def test_who_asks_too_often_is_told_when_to_ask_again(notify: Notify) -> None:
    notify.rig.context.settings.feed_requests_per_minute = 5
    async with agency_of(notify) as agency:
        statuses = [(await agency.read()).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]
        refused = await agency.read()
        assert 0 < int(refused.headers["retry-after"]) <= 13
        agency.as_agency = await agency.headers()
        assert (await agency.read()).status_code == 200  # another token has a pace of its own


async def test_a_parameter_that_is_none_is_refused_rather_than_passed_over(agency: Agency) -> None:
    for odd in ("cursor", "types", "x" * 300):
        answer = await agency.read(**{odd: "1"})
        assert answer.status_code == 422
        assert "after, limit, type, wait" in answer.json()["errors"][0]["message"]


async def test_no_token_a_strange_one_and_a_coordinators_open_nothing(agency: Agency) -> None:
    nobody = [{}, bearer("nonsense"), bearer("ipf_" + "x" * 43), bearer("ipf_" + "x" * 5000)]
    for headers in nobody:
        answer = await agency.http.get(FEED, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
        assert "bearer" in answer.headers["www-authenticate"].lower()
    answer = await agency.http.get(FEED, headers=agency.as_coordinator)
    assert answer.status_code == 403
    assert TOKENS in answer.json()["detail"]


async def test_a_token_that_has_run_out_or_was_revoked_opens_nothing_from_that_moment(
    notify: Notify, agency: Agency
) -> None:
    made = await agency.token(days=10)
    agency.as_agency = bearer(made["token"])
    assert (await agency.read()).status_code == 200
    notify.rig.clock.advance(timedelta(days=10))
    late = await agency.read()
    assert (late.status_code, late.headers["content-type"]) == (410, PROBLEM)
    assert "new one" in late.json()["detail"]

    made = await agency.token()
    agency.as_agency = bearer(made["token"])
    assert (await agency.read()).status_code == 200
    revoked = await agency.http.delete(f"{TOKENS}/{made['token_id']}", headers=agency.as_coordinator)
    assert revoked.json()["state"] == "revoked"
    assert (await agency.read()).status_code == 401
