"""Erasure: no personal datum stays in any table; the bare id stays and never comes back to life."""

import uuid

from registration.desk import Desk, bearer, everything, host, intern, named

from ipraktik_chassis.published import MOVE
from ipraktik_contracts.events import (
    ContactChanged,
    Event,
    MatchProposed,
    ParticipantErased,
    ParticipantUpdated,
)


async def test_nothing_personal_of_an_erased_sign_up_stays_in_any_table(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    body = intern(companion=named(intern()), self_found_host=named(host()), host_in_mind=named(host()))
    naming = await desk.register(intern(companion=named(body)))
    participant_id = await desk.register(body)
    texts = [
        *(body["name"], body["email"], body["job_title"], body["motivation"]),
        *(body["manager"]["name"], body["manager"]["email"]),
        *(
            body[who][part]
            for who in ("companion", "self_found_host", "host_in_mind")
            for part in ("name", "email")
        ),
    ]
    before = await everything(desk.rig)
    for text in texts:
        assert any(text in rows for rows in before.values()), f"{text} was never stored: the search is blind"
    contacts = {
        one.contact_id
        for one in await desk.rig.said(ContactChanged)
        if one.participant_id == participant_id or one.email == body["email"]
    }
    await relayed(desk)
    assert (await desk.erase(participant_id)).status_code == 204

    after = await everything(desk.rig)
    for text in texts:
        assert [table for table, rows in after.items() if text.casefold() in rows.casefold()] == []
    assert contacts <= await desk.tombstones()
    events = await desk.rig.said(Event)
    assert ParticipantErased(participant_id=participant_id, edition_id=edition_id) in events
    [updated] = [one for one in events if isinstance(one, ParticipantUpdated)]
    assert (updated.participant_id, updated.companion_id) == (naming, None)


async def test_records_that_wait_to_be_sent_are_forgotten_too(desk: Desk) -> None:
    await desk.open_edition()
    body = host()
    participant_id = await desk.register(body)
    assert (await desk.erase(participant_id)).status_code == 204
    rows = await everything(desk.rig)
    assert body["email"] not in "".join(rows.values())
    assert len(await desk.tombstones()) == 2


async def test_an_erased_sign_up_stays_erased(desk: Desk) -> None:
    edition_id = await desk.open_edition()
    body, key = host(), uuid.uuid4()
    participant_id = uuid.UUID((await desk.post(body, key=key)).json()["participant_id"])
    await desk.act(participant_id, "confirmation")
    contact_id, _ = await desk.contact(participant_id)
    tokens = {act: await desk.link(participant_id, act) for act in ("confirm", "overview", "pair")}
    guest = await desk.register(intern(host_in_mind={"participant_id": str(participant_id)}))
    assert (await desk.erase(participant_id)).status_code == 204
    await desk.rig.said()

    path = f"/registration/api/v1/sign-ups/{participant_id}"
    for act, route in (("confirm", "/confirmation"), ("overview", "/withdrawal"), ("pair", "/pair")):
        answer = await desk.client.post(path + route, json={"agree": True}, headers=bearer(tokens[act]))
        assert answer.status_code == 410
    future = desk.rig.link(
        contact_id=contact_id,
        participant_id=participant_id,
        acts=["erase"],
        aggregates=[participant_id],
        epoch=99,
    )
    assert (await desk.client.delete(path, headers=bearer(future))).status_code == 410
    assert (await desk.post(body, key=key)).status_code == 409
    await desk.rig.tell(
        MatchProposed(
            placement_id=uuid.uuid4(),
            edition_id=edition_id,
            intern_id=guest,
            host_id=participant_id,
            group_id=None,
            run_id=None,
            origin="matched",
            first_day=desk.rig.clock.now().date(),
            last_day=desk.rig.clock.now().date(),
            answer_by=desk.rig.clock.now(),
            reasons=(),
        )
    )
    await desk.pass_time(days=400)
    assert await desk.state(participant_id) == "erased"
    assert await desk.rig.said() == []
    hosts = (await desk.client.get("/api/v1/hosts")).json()["hosts"]
    assert hosts == []


async def test_erasing_before_the_address_is_confirmed_works_too(desk: Desk) -> None:
    await desk.open_edition()
    body = intern()
    participant_id = await desk.sign_up(body)
    assert (await desk.erase(participant_id)).status_code == 204
    assert len(await desk.rig.said(ParticipantErased)) == 1
    assert body["email"] not in "".join((await everything(desk.rig)).values())
    assert await desk.pass_time(days=30) == 0


async def test_who_erases_the_own_sign_up_leaves_the_same_person_in_another_edition_alone(desk: Desk) -> None:
    first = await desk.open_edition()
    second = await desk.open_edition()
    body = host()
    here = await desk.register({**body, "edition_id": str(first)})
    there = await desk.register({**body, "edition_id": str(second)})
    assert (await desk.erase(here)).status_code == 204
    assert (await desk.own(there))["details"]["email"] == body["email"]


async def relayed(desk: Desk) -> None:
    """Move the outbox into the history, as the relay does once Kafka has acknowledged; keep one row behind unsent."""
    async with desk.rig.database.reading() as conn:
        rows = await conn.fetch("select shard, id from outbox order by id")
        moved = rows[:-1]
        await conn.execute(MOVE, sorted({row["shard"] for row in moved}), [row["id"] for row in moved])
