"""Topics promise no order between them: a mail waits for what it needs, and the same story gives the same mails in any order."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from notify.conftest import Notify
from notify.facts import Story
from rig import Databases, rig_of

from ipraktik_contracts import events
from ipraktik_contracts.events import Event
from ipraktik_local.mail import MailSink
from ipraktik_notify.main import SERVICE
from ipraktik_notify.usecases.sort_waiting_mails import sort_waiting_mails


async def test_a_request_waits_for_its_contact(notify: Notify, story: Story) -> None:
    await notify.tell(story.request(events.ConfirmationRequested))
    assert await notify.kinds("waiting") == [("confirm_address", "asked")]

    await notify.tell(story.contact("intern"))
    (mail,) = notify.received("intern")
    assert mail["kind"] == "confirm_address"
    assert notify.link(mail).acts[0] == "confirm"


async def test_a_mail_about_two_waits_for_the_other_ones_name_and_workplace(
    notify: Notify, story: Story
) -> None:
    await notify.tell(story.edition(), story.contact("intern"), story.registered("intern"), story.proposed())
    assert ("proposal", "intern") in await notify.kinds("waiting")

    await notify.tell(story.contact("host"))
    assert ("proposal", "intern") in await notify.kinds("waiting")

    await notify.tell(story.registered("host"))
    assert {("proposal", "intern"), ("proposal", "host")} <= set(await notify.kinds())


async def test_an_evaluation_waits_for_its_placement_and_finds_its_party_there(
    notify: Notify, story: Story
) -> None:
    await notify.tell(*story.people(), story.evaluation(events.EvaluationRequested, party="manager"))
    assert await notify.kinds("waiting") == [("evaluation_wanted", "manager")]

    await notify.tell(story.proposed())
    mail = next(mail for mail in notify.received("manager") if mail["kind"] == "evaluation_wanted")
    assert notify.link(mail).contact_id == story.manager_contact
    assert notify.link(mail).aggregates == (story.evaluation_id, story.intern_id)


def _lines(story: Story) -> list[list[Event]]:
    """A small story as lines, one per topic and key: within a line the order holds, between lines it does not."""
    return [
        [story.edition()],
        [story.contact("intern")],
        [story.contact("manager")],
        [story.contact("host")],
        [story.contact("reserve")],
        [story.registered("intern")],
        [story.registered("host")],
        [
            story.proposed(),
            story.of_placement(events.MatchAccepted, party="host"),
            story.of_placement(events.MatchAccepted, party="intern", both=True),
            story.of_placement(events.AgreementDrafted),
            story.signed(),
        ],
        [story.evaluation(events.EvaluationRequested, party="intern")],
        [
            story.request(events.ConfirmationRequested),
            story.request(events.ConsentRequested, to="manager"),
            story.request(events.ConsentGiven),
        ],
    ]


@pytest.fixture
def one_story() -> Story:
    """The same ids for every order, so that Message-IDs can be compared."""
    return Story()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_order_of_arrival_gives_the_same_mails(
    data: st.DataObject, databases: Databases, mail_sink: MailSink, key_pair: Any, one_story: Story
) -> None:
    lines = [list(line) for line in _lines(one_story)]
    turns = data.draw(st.permutations([n for n, line in enumerate(lines) for _ in line]))
    cuts = data.draw(st.sets(st.integers(min_value=1, max_value=len(turns) - 1), max_size=5))
    told = [lines[turn].pop(0) for turn in turns]

    async with rig_of(
        SERVICE, databases, link_private_key_file=key_pair[0], smtp_url=mail_sink.smtp_url
    ) as rig:
        for first, last in zip([0, *sorted(cuts)], [*sorted(cuts), len(told)], strict=True):
            await rig.tell(*told[first:last])
            await rig.run_jobs()
        async with rig.database.reading() as conn:
            rows = await conn.fetch(
                "select kind, party, contact_id, state from mail where state <> 'scheduled'"
            )
            planned = await conn.fetch("select kind, party, due_at from mail where state = 'scheduled'")

    usual = ("proposal", "agreement_draft", "agreement_signed", "registered")
    mails = sorted((row["kind"], row["party"], str(row["contact_id"])) for row in rows)
    assert {row["state"] for row in rows} == {"sent"}
    assert len(mails) == 15
    assert {kind for kind, _, _ in mails} == {
        *usual,
        "accepted_wait",
        "evaluation_wanted",
        "confirm_address",
        "consent_wanted",
    }
    assert sorted((row["kind"], row["party"]) for row in planned) == [
        ("evaluation_reminder", "intern"),
        ("last_day", "host"),
        ("last_day", "intern"),
        *(
            (kind, party)
            for kind in ("prepare_before", "prepare_during")
            for party in ("host", "intern", "manager")
        ),
    ]


async def test_what_two_replicas_take_in_at_the_same_time_finds_each_other(
    notify: Notify, story: Story
) -> None:
    """Neither transaction sees the other's rows; the sorting job, after both commits, does."""
    rig = notify.rig
    asked, contact = (
        rig.envelope(story.request(events.ConfirmationRequested)),
        rig.envelope(story.contact("intern")),
    )
    handlers = rig.work.subscriptions.handlers
    async with rig.database.transaction() as one, rig.database.transaction() as two:
        await handlers[type(asked.data)](one, asked)
        await handlers[type(contact.data)](two, contact)
    assert await notify.kinds("waiting") == [("confirm_address", "asked")]

    await rig.run_jobs()
    assert await notify.kinds() == [("confirm_address", "asked")]


async def test_two_sorters_at_once_do_not_lose_an_arrival(notify: Notify, story: Story) -> None:
    await notify.rig.tell(*story.people(), story.proposed())

    async def sort() -> None:
        async with notify.rig.database.transaction() as tx:
            await sort_waiting_mails(tx)

    await asyncio.gather(sort(), sort(), sort())
    await notify.rig.run_jobs()
    assert await notify.kinds("waiting") == []


async def test_a_mail_whose_address_never_comes_is_given_up_after_the_edition_and_stays_in_the_log(
    notify: Notify, story: Story
) -> None:
    await notify.tell(story.edition(), story.registered("intern"))
    notify.rig.clock.advance(timedelta(days=100))
    await notify.rig.run_jobs()
    assert await notify.kinds("waiting") == [("registered", "self")]

    notify.rig.clock.advance(timedelta(days=60))
    await notify.rig.run_jobs()
    (row,) = await notify.log()
    assert (row["state"], row["reason"]) == ("dropped", "incomplete")


async def test_a_question_whose_deadline_has_passed_is_not_asked_any_more(
    notify: Notify, story: Story
) -> None:
    told: Sequence[Event] = [
        story.edition(),
        story.contact("intern"),
        story.registered("intern"),
        story.proposed(),
    ]
    await notify.tell(*told)
    notify.rig.clock.advance(timedelta(days=15))
    await notify.tell(story.contact("host"), story.registered("host"))

    late = [(row["kind"], row["reason"]) for row in await notify.log(state="dropped")]
    assert late == [("proposal", "too_late")] * 2


async def test_before_a_sign_up_is_valid_its_mail_names_the_role_that_its_contacts_tell(
    notify: Notify, story: Story
) -> None:
    await notify.tell(
        *(story.contact(who) for who in ("intern", "manager")),
        story.contact("host", offer="Et skrivebord."),
        story.request(events.ConfirmationRequested, to="intern"),
        story.request(
            events.ConfirmationRequested, to="host", participant_id=story.host_id, aggregate_id=story.host_id
        ),
    )
    subjects = {who: [mail["subject"] for mail in notify.received(who)] for who in ("intern", "host")}
    assert [one.startswith("Bekræft din tilmelding som praktikant") for one in subjects["intern"]] == [True]
    assert [one.startswith("Bekræft din tilmelding som vært") for one in subjects["host"]] == [True]


async def test_a_new_link_leads_to_what_it_was_asked_for(notify: Notify, story: Story) -> None:
    await notify.tell(*story.people(), story.request(events.LinkRequested, aggregate_id=story.placement_id))
    assert ("new_link", "asked") in await notify.kinds("waiting")
    await notify.tell(story.proposed())
    mail = next(mail for mail in notify.received("intern") if mail["kind"] == "new_link")
    assert notify.link(mail).acts[:3] == ("answer", "agreement", "stay")
    assert "/matching/link" in mail["links"][0]

    await notify.tell(story.request(events.LinkRequested, to="manager"))
    mail = next(mail for mail in notify.received("manager") if mail["kind"] == "new_link")
    assert notify.link(mail).acts[0] == "consent"
    assert notify.link(mail).aggregates == (story.intern_id,)


async def test_who_is_named_as_half_of_a_pair_confirms_when_signed_up_and_is_invited_when_not(
    notify: Notify, story: Story
) -> None:
    await notify.tell(
        story.contact("intern"),
        story.contact("host"),
        story.contact("manager", relation="invited", participant_id=story.host_id),
        story.request(events.PairConfirmationRequested),
        story.request(
            events.PairConfirmationRequested,
            to="manager",
            participant_id=story.host_id,
            aggregate_id=story.host_id,
        ),
    )
    (asked,), (invited,) = notify.received("intern"), notify.received("manager")
    assert (notify.link(asked).acts[0], notify.link(asked).aggregates) == ("pair", (story.intern_id,))
    assert (notify.link(invited).acts, notify.link(invited).aggregates) == (("invited",), (story.host_id,))
    assert "Hanne Vært" in invited["subject"]
