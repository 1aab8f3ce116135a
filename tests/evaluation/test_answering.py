"""A party answers once, by link, over JSON; every refusal says what to do."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from evaluation.facts import World, answers, browser, evaluation_id, link_for, send
from rig import Rig

from ipraktik_contracts.events import (
    EvaluationExpired,
    EvaluationRequested,
    EvaluationSubmitted,
    InternshipCompleted,
)

ANSWER_BY = datetime(2018, 10, 8, 21, 59, tzinfo=UTC)


@pytest.fixture
async def stay(rig: Rig, world: World) -> InternshipCompleted:
    """A stay whose parties have been asked."""
    made = world.completed()
    await rig.tell(made)
    await rig.said()
    return made


def path(stay: InternshipCompleted) -> str:
    return f"/evaluation/api/v1/evaluations/{evaluation_id(stay, 'intern', 'after')}"


async def intern_link(rig: Rig, stay: InternshipCompleted, **changes: Any) -> str:
    return await link_for(
        rig,
        evaluation=evaluation_id(stay, "intern", "after"),
        participant_id=stay.intern_id,
        **changes,
    )


async def test_an_answer_is_kept_and_said_without_its_content(rig: Rig, stay: InternshipCompleted) -> None:
    given = answers("intern", "after", advice="Mere tid til frokost")
    async with browser(rig, token=await intern_link(rig, stay)) as client:
        asked = (await client.get(path(stay))).json()
        assert (asked["state"], asked["answers"]) == ("open", None)
        response = await client.post(f"{path(stay)}/answers", json={"answers": given})
        assert response.status_code == 200
        assert (await client.get(path(stay))).json() == response.json()
    assert (response.json()["state"], response.json()["answers"]) == ("submitted", given)
    [said] = await rig.said(EvaluationSubmitted)
    assert (said.party, said.wave, said.answer_by) == ("intern", "after", ANSWER_BY)
    assert "frokost" not in said.model_dump_json()


async def test_the_same_answers_again_are_the_same_and_other_ones_are_refused(
    rig: Rig, stay: InternshipCompleted
) -> None:
    given = answers("intern", "after", outcomes=["do_better", "keep_doing"], advice="Godt")
    again = answers("intern", "after", outcomes=["keep_doing", "do_better"], advice=" Godt\r\n")
    async with browser(rig, token=await intern_link(rig, stay)) as client:
        first = await client.post(f"{path(stay)}/answers", json={"answers": given})
        second = await client.post(f"{path(stay)}/answers", json={"answers": again})
        rig.clock.instant = ANSWER_BY + timedelta(days=1)
        late = await client.post(f"{path(stay)}/answers", json={"answers": given})
        other = await client.post(f"{path(stay)}/answers", json={"answers": given | {"advice": "Skidt"}})
    assert (first.status_code, second.status_code, late.status_code) == (200, 200, 200)
    assert first.json() == second.json() == late.json()
    assert other.status_code == 409
    assert "first answer stands" in other.json()["detail"]
    assert len(await rig.said(EvaluationSubmitted)) == 1


async def test_answers_sent_twice_at_once_count_once(rig: Rig, stay: InternshipCompleted) -> None:
    async with browser(rig, token=await intern_link(rig, stay)) as client:
        found = await asyncio.gather(
            *(
                client.post(f"{path(stay)}/answers", json={"answers": answers("intern", "after")})
                for _ in range(4)
            )
        )
    assert {response.status_code for response in found} == {200}
    assert len(await rig.said(EvaluationSubmitted)) == 1


async def test_an_evaluation_runs_out_when_nobody_answers(rig: Rig, stay: InternshipCompleted) -> None:
    assert await send(rig, stay=stay, party="host", wave="after") == 200
    await rig.said()
    rig.clock.instant = ANSWER_BY - timedelta(seconds=1)
    await rig.run_jobs()
    assert await rig.said() == []
    rig.clock.instant = ANSWER_BY
    await rig.run_jobs()
    assert sorted(event.party for event in await rig.said(EvaluationExpired)) == ["intern", "manager"]
    await rig.run_jobs()
    assert await rig.said() == []


@pytest.mark.parametrize("job_has_run", [True, False])
async def test_a_late_answer_is_told_that_time_has_run_out(
    rig: Rig, stay: InternshipCompleted, job_has_run: bool
) -> None:
    token = await intern_link(rig, stay)
    rig.clock.instant = ANSWER_BY
    if job_has_run:
        await rig.run_jobs()
        await rig.said()
    async with browser(rig, token=token) as client:
        response = await client.post(f"{path(stay)}/answers", json={"answers": answers("intern", "after")})
    assert response.status_code == 410
    assert response.json()["title"] == "The time to answer has run out"
    assert await rig.said(EvaluationSubmitted) == []


async def test_an_answer_in_the_last_second_is_taken(rig: Rig, stay: InternshipCompleted) -> None:
    rig.clock.instant = ANSWER_BY - timedelta(seconds=1)
    assert await send(rig, stay=stay, party="manager", wave="after") == 200
    rig.clock.instant = ANSWER_BY
    await rig.run_jobs()
    parties = {event.party for event in await rig.said(EvaluationExpired)}
    assert parties == {"intern", "host"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"zebra": "x"}, "answers.zebra"),
        ({"concrete_use": "perhaps"}, "answers.concrete_use"),
        ({"outcomes": ["none", "do_better"]}, "answers.outcomes"),
        ({"would_recommend": ""}, "answers.would_recommend"),
    ],
)
async def test_answers_that_do_not_fit_are_named(
    rig: Rig, stay: InternshipCompleted, changes: dict[str, Any], field: str
) -> None:
    async with browser(rig, token=await intern_link(rig, stay)) as client:
        response = await client.post(
            f"{path(stay)}/answers", json={"answers": answers("intern", "after", **changes)}
        )
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [one["field"] for one in response.json()["errors"]] == [field]
    assert await rig.said() == []


HOSTILE: list[bytes] = [
    b"",
    b"null",
    b"[]",
    b'{"answers": null}',
    b'{"answers": {}}',
    b'{"answers": {"advice": "a\\u0000b"}}',
    b'{"answers": {"advice": "\\ud800"}}',
    b'{"answers": {"\\ud800": "x"}}',
    b'{"answers": {"a\\u0000": "x"}}',
    b'{"\\ud800": 1}',
    b'{"answers": {"advice": ' + b"9" * 5000 + b"}}",
    b'{"answers": {"outcomes": [["none"]]}}',
    b'{"answers": {"outcomes": ' + b"[" * 3000 + b"]" * 3000 + b"}}",
    b'{"answers": {"advice": "' + b"x" * 2001 + b'"}}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
async def test_no_input_breaks_the_service(rig: Rig, stay: InternshipCompleted, body: bytes) -> None:
    async with browser(rig, token=await intern_link(rig, stay)) as client:
        response = await client.post(
            f"{path(stay)}/answers", content=body, headers={"content-type": "application/json"}
        )
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_link_opens_the_evaluation_it_was_made_for_and_no_other(
    rig: Rig, world: World, stay: InternshipCompleted
) -> None:
    other = world.completed()
    await rig.tell(other)
    theirs = await link_for(
        rig, evaluation=evaluation_id(stay, "intern", "after"), participant_id=stay.host_id
    )
    for token, expected in [
        (await intern_link(rig, other), 403),
        (theirs, 403),
        ("nonsense", 401),
        (rig.coordinator(), 401),
    ]:
        async with browser(rig, token=token) as client:
            assert (await client.get(path(stay))).status_code == expected
            response = await client.post(
                f"{path(stay)}/answers", json={"answers": answers("intern", "after")}
            )
            assert response.status_code == expected
    async with browser(rig) as client:
        assert (await client.get(path(stay))).status_code == 401


async def test_a_link_waits_for_its_contact_and_ends_with_a_higher_epoch(
    rig: Rig, stay: InternshipCompleted
) -> None:
    contact_id = uuid.uuid4()
    token = rig.link(
        contact_id=contact_id,
        participant_id=stay.intern_id,
        acts=["evaluate"],
        aggregates=[evaluation_id(stay, "intern", "after")],
    )
    async with browser(rig, token=token) as client:
        assert (await client.get(path(stay))).status_code == 503
        await intern_link(rig, stay, contact_id=contact_id)
        assert (await client.get(path(stay))).status_code == 200
        await intern_link(rig, stay, contact_id=contact_id, epoch=2)
        assert (await client.get(path(stay))).status_code == 410
        await intern_link(rig, stay, contact_id=contact_id, epoch=1)
        assert (await client.get(path(stay))).status_code == 410


async def test_a_follow_up_is_answered_like_the_first(
    rig: Rig, world: World, stay: InternshipCompleted
) -> None:
    await rig.tell(world.edition())
    rig.clock.instant = datetime(2018, 12, 14, 8, 0, tzinfo=UTC)
    await rig.run_jobs()
    assert len(await rig.said(EvaluationRequested)) == 3
    assert await send(rig, stay=stay, party="intern", wave="follow_up", in_contact_afterwards="no") == 200
    [said] = await rig.said(EvaluationSubmitted)
    assert said.wave == "follow_up"


async def test_a_question_set_is_open_to_all(rig: Rig) -> None:
    async with browser(rig) as client:
        found = (await client.get("/evaluation/api/v1/question-sets/1")).json()
        assert (await client.get("/evaluation/api/v1/question-sets/2")).status_code == 404
        assert (await client.get("/evaluation/api/v1/question-sets/0")).status_code == 422
        assert (await client.get(f"/evaluation/api/v1/question-sets/{'9' * 5000}")).status_code == 422
    assert {(form["party"], form["wave"]) for form in found["forms"]} == {
        (party, wave) for party in ("intern", "manager", "host") for wave in ("after", "follow_up")
    }
