"""The note about practical needs is between the intern and whom the signed agreement names at the host, and does not last."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from matching.cast import Cast
from matching.visiting import PARTIES, Case, a_case, words_of
from rig import Rig

from ipraktik_contracts.events import ParticipantErased

NOTE = "Jeg kan ikke tåle nødder"


@pytest.fixture
async def case(cast: Cast) -> Case:
    found = await a_case(cast)
    await found.accepted()
    return found


async def kept(rig: Rig) -> list[str]:
    async with rig.database.reading() as conn:
        return [row["note"] for row in await conn.fetch("select note from practical_needs")]


async def writes(case: Case, note: str = NOTE) -> None:
    await case.does("intern", "needs", note=note, act="save")


async def test_the_hosts_people_read_the_note_once_all_three_have_signed(case: Case) -> None:
    await writes(case)
    assert NOTE in (await case.get("intern", "needs")).text
    for party in ("host", "reserve"):
        page = await case.reads(party, "needs")
        assert NOTE not in page
        assert "når alle tre har godkendt" in page
    for party in PARTIES:
        await case.approves(party)
    for party in ("host", "reserve"):
        assert NOTE in await case.reads(party, "needs")
        assert "Vi sletter noten 12. oktober 2018." in await case.reads(party, "needs")
    manager = await case.get("manager", "needs")
    assert (manager.status_code, NOTE in manager.text) == (403, False)
    assert '/registration/me"' in manager.text


async def test_only_whom_the_signed_version_names_reads_it(case: Case) -> None:
    await writes(case)
    await case.changes("host", host_reserve_id="")
    for party in PARTIES:
        await case.approves(party)
    assert NOTE in await case.reads("host", "needs")
    assert NOTE not in await case.reads("reserve", "needs")
    await case.changes("host", host_contact_id="", host_reserve_id=case.host.second_id)
    assert NOTE not in await case.reads("reserve", "needs")  # proposed, not signed
    for party in PARTIES:
        await case.approves(party)
    assert NOTE in await case.reads("reserve", "needs")
    assert NOTE not in await case.reads("host", "needs")


async def test_nobody_but_the_intern_writes_or_deletes_it(rig: Rig, case: Case) -> None:
    await writes(case)
    for party in ("host", "reserve", "manager"):
        answer = await case.post(party, "needs", note="Noget andet", act="save")
        assert answer.status_code in (403, 409)
        assert (await case.post(party, "needs", note="", act="delete")).status_code in (403, 409)
    assert await kept(rig) == [NOTE]


async def test_the_intern_changes_and_deletes_it(rig: Rig, case: Case) -> None:
    await writes(case)
    await writes(case, "Jeg skal hente børn kl. 15")
    assert await kept(rig) == ["Jeg skal hente børn kl. 15"]
    long = await case.post("intern", "needs", note="x" * 1001, act="save")
    assert (long.status_code, "Skriv højst 1.000 tegn" in words_of(long)) == (422, True)
    await case.does("intern", "needs", note="Jeg skal hente børn kl. 15", act="delete")
    assert await kept(rig) == []
    await writes(case, "  ")
    assert await kept(rig) == []


async def test_it_is_written_between_the_draft_and_the_stay(rig: Rig, cast: Cast) -> None:
    case = await a_case(cast)
    early = await case.post("intern", "needs", note=NOTE, act="save")
    assert (early.status_code, "Der er ingen aftale endnu" in words_of(early)) == (409, True)
    await case.signed()
    await writes(case)
    rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
    late = await case.post("intern", "needs", note="Mere", act="save")
    assert (late.status_code, "Praktikken er begyndt" in words_of(late)) == (409, True)
    assert NOTE in await case.reads("intern", "needs")
    await case.does("intern", "needs", act="delete")
    assert await kept(rig) == []


async def test_it_is_deleted_thirty_days_after_the_stay_that_was_agreed_last(rig: Rig, case: Case) -> None:
    await writes(case)
    await case.changes("host", **{"last_day-day": "14"})
    for party in PARTIES:
        await case.approves(party)
    end = datetime(2018, 10, 14, 22, tzinfo=UTC)  # the end of the thirtieth day, in Danish time
    rig.clock.instant = end - timedelta(microseconds=1)
    await rig.run_jobs()
    assert await kept(rig) == [NOTE]
    rig.clock.instant = end
    assert NOTE not in await case.reads(
        "host", "needs"
    )  # nobody reads it, whether or not the job has come round
    await rig.run_jobs()
    assert await kept(rig) == []


@pytest.mark.parametrize("how", ["cancelled", "not held", "lapsed", "intern erased", "host erased"])
async def test_it_is_deleted_at_once_where_there_is_no_stay_or_nobody_left(
    rig: Rig, case: Case, how: str
) -> None:
    await writes(case)
    if how == "cancelled":
        await case.does("host", "agreement/cancellation", reason="dates")
    elif how == "lapsed":
        rig.clock.instant = datetime(2018, 5, 10, 22, tzinfo=UTC)
        await rig.run_jobs()
    else:
        for party in PARTIES:
            await case.approves(party)
        rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
        if how == "not held":
            await case.does("host", "stay", held="no", reason="host_prevented")
        else:
            who = case.intern if how == "intern erased" else case.host
            await rig.tell(
                ParticipantErased(participant_id=who.participant_id, edition_id=case.cast.edition_id)
            )
    assert await kept(rig) == []


async def test_it_is_nowhere_else(rig: Rig, case: Case) -> None:
    await writes(case)
    for party in PARTIES:
        await case.approves(party)
    headers = {"authorization": f"Bearer {case.token('intern')}"}
    download = await case.cast.web.get("/matching/my-data", headers=headers)
    pages = [
        (await case.get(party, page)).text
        for party in PARTIES
        for page in ("agreement", "agreement/versions", "agreement/edit", "stay", "calendar.ics")
    ]
    async with rig.database.reading() as conn:
        rows = await conn.fetch("select t::text as row from history t")
        rows += await conn.fetch("select t::text as row from agreement_versions t")
        rows += await conn.fetch(
            "select convert_from(body, 'UTF8') as row from outbox where body is not null"
        )
    assert not [text for text in [download.text, *pages, *(row["row"] for row in rows)] if "nødder" in text]
    mine = json.loads(download.text)["placements"][0]
    assert mine["practical_needs"] == f"{case.here}/needs"
    host = await case.cast.web.get(
        "/matching/my-data", headers={"authorization": f"Bearer {case.token('host')}"}
    )
    assert "practical_needs" not in host.text


async def test_my_data_are_of_the_person_who_asks(rig: Rig, case: Case) -> None:
    await case.does("manager", "agreement/refusal", version=1, reason="cover", comment="Ikke i uge 37")
    found = {}
    for party in PARTIES:
        headers = {"authorization": f"Bearer {case.token(party)}"}
        answer = await case.cast.web.get("/matching/my-data", headers=headers)
        assert "attachment" in answer.headers["content-disposition"]
        found[party] = answer.json()
    assert found["intern"]["sign_up"]["participant_id"] == str(case.intern.participant_id)
    assert found["manager"]["sign_up"] is None
    assert found["host"]["contact"]["offer"] == "Hos os kan du følge en bus."
    assert [act["comment"] for act in found["manager"]["placements"][0]["your_acts"]] == ["Ikke i uge 37"]
    assert "Ikke i uge 37" not in json.dumps(found["intern"], ensure_ascii=False)
    assert found["intern"]["placements"][0]["agreement"][0]["refused"] == ["manager"]
    assert (await case.cast.web.get("/matching/my-data")).status_code == 401
