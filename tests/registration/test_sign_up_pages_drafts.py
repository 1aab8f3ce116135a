"""A sign-up that is not sent yet: kept by its address, gone on with by a link, and forgotten in the end."""

import hashlib
import re
import uuid
from datetime import timedelta

import pytest
from registration.desk import Desk, everything
from registration.signing_up import Walk, errors_of, text_of

from ipraktik_contracts.events import ContactChanged, DraftSaved, Event


async def saved(walk: Walk, email: str = "hjemme@example.org") -> DraftSaved:
    """The draft is kept for later at that address."""
    answer = await walk.post(f"{walk.base}/save", {"email": email})
    assert answer.headers["location"] == f"{walk.base}/saved"
    *_, asked = await walk.desk.rig.said(DraftSaved)
    return asked


def link_of(desk: Desk, asked: DraftSaved, *, epoch: int = 1) -> str:
    """The link as notify mails it."""
    return desk.rig.link(
        contact_id=asked.contact_id,
        participant_id=asked.participant_id,
        acts=("draft", "overview", "withdraw", "erase", "update"),
        aggregates=(asked.aggregate_id, asked.participant_id),
        epoch=epoch,
    )


async def test_only_the_hash_of_the_key_is_kept(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.begin()
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", walk.key)
    [row] = await walk.rows()
    assert row["key_hash"] == hashlib.sha256(walk.key.encode()).digest()
    assert walk.key not in str(await everything(desk.rig))


async def test_a_draft_that_nobody_saves_says_nothing_to_anybody(desk: Desk) -> None:
    await desk.open_edition()
    await desk.rig.said()
    walk = Walk(desk)
    await walk.until()
    assert await desk.rig.said() == []


async def test_a_link_back_is_mailed_and_leads_to_where_one_left(desk: Desk) -> None:
    await desk.open_edition()
    await desk.rig.said()
    walk = Walk(desk)
    await walk.until("stay")
    assert f'value="{walk.given["you"]["email"]}"' in (await walk.get("save")).text
    await walk.post(f"{walk.base}/save", {"email": "hjemme@example.org"})
    contact, asked = await desk.rig.said(Event)
    assert isinstance(contact, ContactChanged)
    assert isinstance(asked, DraftSaved)
    assert (contact.email, contact.relation, contact.motivation) == ("hjemme@example.org", "self", "")
    assert asked.contact_id == contact.contact_id
    assert asked.participant_id == asked.aggregate_id == contact.participant_id
    assert asked.respond_by == desk.rig.clock.now() + timedelta(days=14)
    assert "hjemme@example.org" in text_of(await walk.get("saved"))

    desk.rig.clock.advance(timedelta(days=2))
    token = link_of(desk, asked)
    landing = await walk.post("/registration/link", {"t": token})
    assert landing.headers["location"] == f"/registration/drafts/{asked.participant_id}"
    first = await walk.look(landing.headers["location"], token)
    assert "Gå videre med din tilmelding" in text_of(first)
    assert (await walk.get("stay")).status_code == 200  # looking changes nothing
    again = await walk.post(landing.headers["location"], {}, token)
    old, key, page = walk.base, *again.headers["location"].split("/")[-2:]
    assert (page, key != walk.key) == ("stay", True)
    assert (await walk.look(f"{old}/stay")).status_code == 404
    walk.key = key
    assert walk.given["you"]["name"] in (await walk.get("you")).text
    assert (await walk.answer("stay")).status_code == 303


async def test_what_stands_on_a_half_filled_page_is_kept_for_later_too(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.until("stay")
    left = await walk.post(f"{walk.base}/stay", {"motivation": "Jeg er ikke færdig", "later": "yes"})
    assert left.headers["location"] == f"{walk.base}/save"
    assert "Jeg er ikke færdig" in (await walk.get("stay")).text
    assert (await walk.get("time")).headers["location"] == f"{walk.base}/stay"
    done = await walk.post(f"{walk.base}/stay", {**walk.given["stay"], "later": "yes"})
    assert done.headers["location"] == f"{walk.base}/save"
    [row] = await walk.rows()
    assert "ikke færdig" not in row["answers"]
    assert (await walk.get("time")).status_code == 200


async def test_a_link_to_one_draft_does_not_open_another(desk: Desk) -> None:
    await desk.open_edition()
    mine, other = Walk(desk), Walk(desk)
    await mine.begin()
    await other.begin()
    asked, others = await saved(mine), await saved(other, "anden@example.org")
    token = link_of(desk, asked)
    answer = await mine.look(f"/registration/drafts/{others.participant_id}", token)
    assert answer.status_code == 403
    assert (await mine.look(f"/registration/drafts/{uuid.uuid4()}", token)).status_code == 403
    assert (await mine.look(f"/registration/drafts/{asked.participant_id}")).status_code == 401
    overview_only = desk.rig.link(
        contact_id=asked.contact_id,
        participant_id=asked.participant_id,
        acts=("overview",),
        aggregates=(asked.participant_id,),
    )
    assert (await mine.look(f"/registration/drafts/{asked.participant_id}", overview_only)).status_code == 403


async def test_another_address_voids_the_link_that_went_to_the_first(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.begin()
    asked = await saved(walk, "forkert@example.org")
    await saved(walk, "rigtig@example.org")
    path = f"/registration/drafts/{asked.participant_id}"
    assert (await walk.look(path, link_of(desk, asked))).status_code == 410
    assert (await walk.look(path, link_of(desk, asked, epoch=2))).status_code == 200


async def test_nobody_is_mailed_again_and_again(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.begin()
    for _ in range(3):
        await walk.post(f"{walk.base}/save", {"email": "hjemme@example.org"})
    assert len(await desk.rig.said(DraftSaved)) == 1
    desk.rig.clock.advance(timedelta(minutes=10))
    *_, last = [
        await walk.post(f"{walk.base}/save", {"email": f"hjemme-{number}@example.org"}) for number in range(5)
    ]
    assert (last.status_code, list(errors_of(last))) == (422, ["email"])
    assert len(await desk.rig.said(DraftSaved)) == 4


@pytest.mark.parametrize("email", ["", "søren", "a@b"])
async def test_a_link_needs_an_address_to_go_to(desk: Desk, email: str) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.begin()
    answer = await walk.post(f"{walk.base}/save", {"email": email})
    assert (answer.status_code, list(errors_of(answer))) == (422, ["email"])
    assert await desk.rig.said(DraftSaved) == []


async def test_a_draft_is_forgotten_fourteen_days_after_it_was_last_touched(desk: Desk) -> None:
    await desk.open_edition()
    walk, silent = Walk(desk), Walk(desk)
    await walk.until("stay")
    await silent.begin()
    asked = await saved(walk)
    await desk.pass_time(days=13)
    await walk.answer("stay")
    await desk.pass_time(days=1)
    assert [row["participant_id"] for row in await walk.rows()] == [asked.participant_id]
    assert await desk.tombstones() == set()
    assert await desk.pass_time(days=12, hours=23) == 0
    assert await desk.pass_time(hours=1) == 1
    assert await desk.tombstones() == {asked.contact_id}
    kept = str(await everything(desk.rig, leave_out=["schema_migrations"]))
    for secret in (walk.given["you"]["email"], walk.given["you"]["name"], "hjemme@example.org"):
        assert secret not in kept
    assert (await walk.get("stay")).status_code == 404
    path = f"/registration/drafts/{asked.participant_id}"
    assert (await walk.look(path, link_of(desk, asked))).status_code == 410


async def test_a_draft_is_not_opened_after_its_time_even_before_the_clock_has_come_by(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.begin()
    desk.rig.clock.advance(timedelta(days=14))
    assert (await walk.get("workplace")).status_code == 404


async def test_a_draft_is_deleted_at_once_by_its_owner(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.begin()
    asked = await saved(walk)
    assert "Vil du slette dine svar?" in text_of(await walk.get("delete"))
    answer = await walk.post(f"{walk.base}/delete", {})
    assert "Dine svar er slettet" in text_of(await walk.look(answer.headers["location"]))
    assert await walk.rows() == []
    assert await desk.tombstones() == {asked.contact_id}
    assert walk.given["you"]["name"] not in str(await everything(desk.rig))
    assert (await walk.post(f"{walk.base}/delete", {})).status_code == 404


async def test_a_sent_draft_keeps_no_answer_and_its_own_contact_is_forgotten(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.until()
    asked = await saved(walk)
    await walk.send()
    [row] = await walk.rows()
    assert (row["answers"], row["saved_to"]) == ("{}", None)
    assert await desk.tombstones() == {asked.contact_id}
    [participant] = await walk.rows("participant")
    assert participant["participant_id"] != asked.participant_id
    path = f"/registration/drafts/{asked.participant_id}"
    assert (await walk.look(path, link_of(desk, asked))).status_code == 410
    assert await desk.pass_time(days=14) >= 1
    assert await walk.rows() == []
    assert (await walk.get("receipt")).status_code == 404


async def test_the_unused_program_trap_of_the_save_page_mails_nobody(desk: Desk) -> None:
    await desk.open_edition()
    walk = Walk(desk)
    await walk.begin()
    await walk.post(f"{walk.base}/save", {"email": "hjemme@example.org", "website": "x"})
    assert await desk.rig.said(DraftSaved) == []
