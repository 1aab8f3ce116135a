"""From the sign-up to the evaluation: who hears what, and what the links in the mails open."""

from notify.conftest import Notify
from notify.facts import Story

from ipraktik_contracts import events
from ipraktik_notify.domain.kinds import PERSON_ACTS


async def test_a_registered_intern_gets_a_receipt_with_the_way_to_the_overview(
    notify: Notify, story: Story
) -> None:
    await notify.tell(story.edition(), story.contact("intern"), story.registered("intern"))

    (mail,) = notify.received("intern")
    assert mail["kind"] == "registered"
    assert mail["subject"] == "Du er tilmeldt Innovationspraktik 2018 som praktikant"
    assert "10.-14. september 2018" in mail["text"]
    link = notify.link(mail)
    assert link.contact_id == story.intern_contact
    assert link.participant_id == story.intern_id
    assert link.aggregates == (story.intern_id,)
    assert link.acts == PERSON_ACTS["self"]


async def test_everybody_hears_what_concerns_them_on_the_way_from_proposal_to_evaluation(
    notify: Notify, story: Story
) -> None:
    await notify.tell(
        *story.people(),
        story.proposed(),
        story.of_placement(events.MatchAccepted, party="host", both=False),
        story.of_placement(events.MatchAccepted, party="intern", both=True),
        story.of_placement(events.AgreementDrafted),
        story.of_placement(events.AgreementApproved, party="manager"),
        story.of_placement(events.AgreementApproved, party="host"),
        story.signed(),
        story.of_placement(events.InternshipCompleted),
        story.evaluation(events.EvaluationRequested),
    )

    assert await notify.kinds() == sorted(
        [
            ("registered", "self"),
            ("registered", "self"),
            ("proposal", "intern"),
            ("proposal", "host"),
            ("accepted_wait", "intern"),
            ("agreement_draft", "intern"),
            ("agreement_draft", "manager"),
            ("agreement_draft", "host"),
            ("agreement_signed", "intern"),
            ("agreement_signed", "manager"),
            ("agreement_signed", "host"),
            ("evaluation_wanted", "host"),
        ]
    )
    by_kind = {mail["kind"]: mail for mail in notify.received("host")}
    assert notify.link(by_kind["proposal"]).acts[0] == "answer"
    assert notify.link(by_kind["proposal"]).aggregates == (story.placement_id, story.host_id)
    assert notify.link(by_kind["agreement_signed"]).acts[:2] == ("agreement", "stay")
    assert notify.link(by_kind["evaluation_wanted"]).aggregates == (story.evaluation_id, story.host_id)
    assert notify.link(by_kind["evaluation_wanted"]).acts[0] == "evaluate"
