"""Held editions wait for a coordinator; who is erased hears nothing more and leaves nothing behind."""

from datetime import UTC, datetime

from notify.conftest import Notify
from notify.facts import Story

from ipraktik_contracts import events
from ipraktik_notify.usecases.release_held_mails import release_held_mails


async def _release(notify: Notify, story: Story) -> int:
    async with notify.rig.database.transaction() as tx:
        return await release_held_mails(tx, edition_id=story.edition_id)


async def test_mails_of_a_held_edition_wait_for_a_coordinators_word(notify: Notify, story: Story) -> None:
    people = [event for event in story.people() if not isinstance(event, events.EditionChanged)]
    await notify.tell(story.edition(hold_mails=True), *people, story.proposed())
    assert notify.received("intern") == []
    assert len(await notify.log(state="held")) == 4

    assert await _release(notify, story) == 4
    assert await _release(notify, story) == 0
    await notify.rig.run_jobs()
    assert {mail["kind"] for mail in notify.received("intern")} == {"registered", "proposal"}


async def test_what_somebody_waits_for_at_a_screen_is_never_held(notify: Notify, story: Story) -> None:
    await notify.tell(
        story.edition(hold_mails=True),
        story.contact("intern"),
        story.registered("intern"),
        story.request(events.LinkRequested),
    )
    assert [mail["kind"] for mail in notify.received("intern")] == ["new_link"]


async def test_held_mails_ask_for_nothing_whose_deadline_passed_meanwhile(
    notify: Notify, story: Story
) -> None:
    people = [event for event in story.people() if not isinstance(event, events.EditionChanged)]
    await notify.tell(story.edition(hold_mails=True), *people, story.proposed())
    notify.rig.clock.instant = datetime(2018, 5, 1, tzinfo=UTC)
    await _release(notify, story)
    await notify.rig.run_jobs()
    assert [mail["kind"] for mail in notify.received("intern")] == ["registered"]


async def test_a_tombstone_drops_what_was_not_sent_and_keeps_no_word_of_the_person(
    notify: Notify, story: Story
) -> None:
    people = [event for event in story.people() if not isinstance(event, events.EditionChanged)]
    await notify.tell(*people, story.proposed())  # no edition: everything waits
    await notify.rig.erase(events.ContactChanged, story.intern_contact)
    await notify.tell(story.edition(), story.contact("intern"))

    assert notify.received("intern") == []
    assert ("proposal", "host") in await notify.kinds()
    assert {row["reason"] for row in await notify.log(state="dropped")} == {"erased"}
    async with notify.rig.database.reading() as conn:
        row = await conn.fetchrow("select * from contact where contact_id = $1", story.intern_contact)
    assert (row["erased"], row["name"], row["email"]) == (True, None, None)


async def test_an_erased_sign_up_takes_its_contacts_along_and_never_comes_back(
    notify: Notify, story: Story
) -> None:
    await notify.tell(story.edition(hold_mails=True), story.contact("intern"), story.registered("intern"))
    await notify.tell(story.erased("intern"))
    await notify.tell(story.contact("intern"), story.contact("manager"), story.request(events.LinkRequested))

    assert notify.received("intern") == []
    assert {row["state"] for row in await notify.log()} == {"dropped"}
    async with notify.rig.database.reading() as conn:
        texts = " ".join(await conn.fetchval("select array_agg(c::text) from contact c"))
        texts += " ".join(await conn.fetchval("select array_agg(p::text) from participant p"))
    for private in (story.mark, "Søren", "Åse", "Frederikshavn"):
        assert private not in texts


async def test_the_other_party_hears_of_an_erasure_without_a_name_and_the_erased_one_nothing(
    notify: Notify, story: Story
) -> None:
    await notify.tell(
        *story.people(), story.proposed(), story.of_placement(events.MatchWithdrawn, reason="erased")
    )
    assert {one[0] for one in await notify.kinds("waiting")} == {
        "proposal_withdrawn"
    }  # whose erasure is not known yet

    await notify.tell(story.erased("host"))
    assert {mail["kind"] for mail in notify.received("host")} == {"registered", "proposal"}
    mail = next(mail for mail in notify.received("intern") if mail["kind"] == "proposal_withdrawn")
    assert "Hanne" not in mail["text"]
    assert "Vejle" not in mail["text"]
    assert "en anden arbejdsplads" in mail["text"]


async def test_reminders_of_an_erased_person_are_dropped(notify: Notify, story: Story) -> None:
    await notify.tell(*story.people(), story.proposed(), story.signed())
    await notify.tell(story.erased("intern"))
    notify.rig.clock.instant = datetime(2018, 9, 14, 10, 0, tzinfo=UTC)
    await notify.rig.run_jobs()
    assert "last_day" not in {mail["kind"] for mail in notify.received("intern")}
    assert "last_day" in {mail["kind"] for mail in notify.received("host")}
