"""A mail's link lands on its act and opens everything of its reader; who is not in yet gets one act."""

from datetime import timedelta

import pytest
from notify.conftest import Notify
from notify.facts import Story

from ipraktik_chassis.ids import new_id
from ipraktik_contracts import events
from ipraktik_local.mail import MailRecord
from ipraktik_notify.domain.kinds import PERSON_ACTS
from ipraktik_notify.settings import NotifySettings, coordinator_id


def _of_kind(mails: list[MailRecord], kind: str) -> list[MailRecord]:
    return [mail for mail in mails if mail["kind"] == kind]


@pytest.mark.parametrize(
    ("who", "relation", "first"),
    [("intern", "self", "agreement"), ("host", "self", "agreement"), ("manager", "manager", "agreement")],
)
async def test_a_link_opens_everything_of_its_person_and_lands_on_its_own_act(
    notify: Notify, story: Story, who: str, relation: str, first: str
) -> None:
    await notify.tell(*story.people(), story.proposed(), story.of_placement(events.AgreementDrafted))
    link = notify.link(_of_kind(notify.received(who), "agreement_draft")[0])
    own = story.host_id if who == "host" else story.intern_id
    assert link.acts[0] == first
    assert set(link.acts) == set(PERSON_ACTS[relation])
    assert link.aggregates == (story.placement_id, own)
    assert all(link.opens(act, own) for act in PERSON_ACTS[relation])


async def test_a_reserve_opens_what_a_reserve_may_do_and_no_more(notify: Notify, story: Story) -> None:
    await notify.tell(
        *story.people(),
        story.contact("reserve"),
        story.proposed(),
        story.request(
            events.LinkRequested, to="reserve", participant_id=story.host_id, aggregate_id=story.host_id
        ),
    )
    link = notify.link(_of_kind(notify.received("reserve"), "new_link")[0])
    assert set(link.acts) == {"overview", "answer", "agreement", "stay"}
    assert link.aggregates == (story.host_id,)


async def test_a_kept_draft_is_gone_back_to_by_a_link_that_opens_the_draft_alone(
    notify: Notify, story: Story
) -> None:
    draft = new_id(notify.rig.clock.now())
    await notify.tell(story.contact("intern"), story.request(events.DraftSaved, aggregate_id=draft))
    (mail,) = notify.received("intern")
    link = notify.link(mail)
    assert mail["kind"] == "draft_saved"
    assert "/registration/link?t=" in mail["links"][0]
    assert (link.acts, link.aggregates) == (("draft",), (draft,))
    assert link.expires_at >= notify.rig.clock.now() + timedelta(days=14)


def test_a_configured_name_is_shown_and_else_what_stands_before_the_at() -> None:
    settings = NotifySettings(
        database_url="postgresql://nowhere",
        coordinator_addresses="Anna K <Anna@example.org>, bo@example.org, Post@a.example, post@b.example",
    )
    assert list(settings.coordinators().values()) == [
        *("Anna@example.org", "bo@example.org", "Post@a.example", "post@b.example")
    ]
    assert settings.coordinator_name(coordinator_id("anna@example.org")) == "Anna K"
    assert settings.coordinator_name(coordinator_id("BO@example.org")) == "bo"
    assert settings.coordinator_name(coordinator_id("post@b.example")) == "post@b.example"
    assert settings.coordinator_name(coordinator_id("else@example.org")) == "coordinator"
