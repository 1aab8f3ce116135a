"""Coordinators let held mails go or drop them, remind who has not answered, and preview templates; nobody else may."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import UUID

import httpx
from notify.conftest import Notify
from notify.facts import NOW, Story

from ipraktik_contracts import events
from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.web.app import create


async def _page(desk: httpx.AsyncClient, path: str, **query: str) -> str:
    answer = await desk.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


async def _mail_id(notify: Notify, kind: str, party: str) -> UUID:
    (row,) = [row for row in await notify.log() if (row["kind"], row["party"]) == (kind, party)]
    found: UUID = row["id"]
    return found


async def _held(notify: Notify, story: Story) -> None:
    people = [event for event in story.people() if not isinstance(event, events.EditionChanged)]
    await notify.tell(story.edition(hold_mails=True), *people, story.proposed())


async def test_held_mails_are_counted_read_and_let_go_in_one_act(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await _held(notify, story)
    page = await _page(desk, "/notify/held")
    assert "Send alle 4 mails" in page
    assert "Forslag: 2" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0], "one click sends nothing"
    leads = re.search(r'href="(/notify/held/[^"]+/release[^"]*)"', page)
    assert leads
    asked = await _page(desk, leads[1])
    assert "Skal 4 mails sendes nu?" in asked
    assert "Forslag: 2" in asked
    form = re.search(
        r'action="(/notify/held/[^"]+)"[^>]*>\s*<input type="hidden" name="newest" value="([^"]+)"', asked
    )
    assert form
    for odd in ("x", "2018-04-09T08:00:00", "2000-01-01T00:00:00+00:00"):
        aside = await desk.get(form[1], params={"newest": odd})
        assert (aside.status_code, aside.headers["location"]) == (303, "/notify/held")

    notify.rig.clock.advance(timedelta(seconds=1))
    late = Story(edition_id=story.edition_id)  # comes after the page was read: nobody has seen it
    await notify.tell(late.contact("intern"), late.registered("intern"))
    answer = await desk.post(form[1], data={"newest": form[2]})
    assert answer.headers["location"] == "/notify/held?sent=4"
    assert "4 mails er sendt videre" in await _page(desk, answer.headers["location"])
    await notify.rig.run_jobs()
    assert len(notify.received("host")) == 2
    assert late.address("intern") in await _page(desk, "/notify/held")
    again = await desk.post(form[1], data={"newest": form[2]})
    assert again.headers["location"] == "/notify/held?sent=0"
    assert (await desk.post(form[1], data={"newest": "x"})).status_code == 303


async def test_one_held_mail_is_dropped_with_a_reason(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await _held(notify, story)
    mail_id = await _mail_id(notify, "proposal", "host")
    assert (
        (await desk.post(f"/notify/mails/{mail_id}/drop", data={"reason": ""}))
        .headers["location"]
        .endswith("said=reason")
    )
    answer = await desk.post(f"/notify/mails/{mail_id}/drop", data={"reason": "told_otherwise"})
    page = await _page(desk, answer.headers["location"])
    assert "Mailen bliver ikke sendt" in page
    assert "fortalt på en anden måde" in page
    answer = await desk.post(f"/notify/mails/{mail_id}/drop", data={"reason": "wrong"})
    assert answer.headers["location"].endswith("said=not_held")
    assert [row["reason"] for row in await notify.log(state="dropped")] == ["told_otherwise"]


async def test_who_has_not_answered_is_listed_and_reminded_once_a_day(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(
        *story.people(), story.proposed(), story.of_placement(events.MatchAccepted, party="host")
    )
    page = await _page(desk, "/notify/nudges")
    assert story.address("intern") in page
    assert story.address("host") not in page  # has answered
    assert "Har fået mail i dag" in page
    mail_id = await _mail_id(notify, "proposal", "intern")
    refused = await desk.post(f"/notify/nudges/{mail_id}")
    assert refused.status_code == 409
    assert "i dag" in refused.text

    for day in (1, 2):  # the planned one is brought forward, then one more is written
        notify.rig.clock.instant = NOW + timedelta(days=day)
        assert "Mind om det nu" in await _page(desk, "/notify/nudges", about="answer")
        answer = await desk.post(f"/notify/nudges/{mail_id}")
        assert answer.headers["location"] == "/notify/nudges?said=reminded"
        assert (await desk.post(f"/notify/nudges/{mail_id}")).status_code == 409
        await notify.rig.run_jobs()
        reminders = [mail for mail in notify.received("intern") if mail["kind"] == "answer_reminder"]
        assert len(reminders) == len({mail["message_id"] for mail in reminders}) == day
    assert "2 gange" in await _page(desk, "/notify/nudges")

    await notify.tell(story.of_placement(events.MatchAccepted, party="intern", both=True))
    assert story.address("intern") not in await _page(desk, "/notify/nudges")
    notify.rig.clock.advance(timedelta(days=1))
    assert (await desk.post(f"/notify/nudges/{mail_id}")).status_code == 409


async def test_a_deadline_at_midnight_is_the_day_that_ends_as_in_the_mail(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    midnight = datetime(2018, 4, 30, 22, tzinfo=UTC)
    await notify.tell(*story.people(), story.proposed(answer_by=midnight))
    await notify.rig.run_jobs()
    page = await _page(desk, "/notify/nudges")
    assert "<td>30. april 2018</td>" in page
    assert "1. maj 2018" not in page
    (mail, *_) = [one for one in notify.received("intern") if one["kind"] == "proposal"]
    words = notify.message(mail).get_body(("plain",))
    assert words is not None
    assert "30. april 2018" in words.get_content()


async def test_every_kind_of_question_is_listed_until_its_time_is_over(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(
        *story.people(),
        story.request(events.ConsentRequested, to="manager"),
        story.proposed(origin="self_found"),
        story.of_placement(events.AgreementDrafted),
        story.evaluation(events.EvaluationRequested),
    )
    counts = {
        about: max((await _page(desk, "/notify/nudges", about=about)).count("<tr>") - 1, 0)
        for about in ("consent", "answer", "signature", "evaluation", "")
    }
    assert counts == {"consent": 1, "answer": 0, "signature": 3, "evaluation": 1, "": 5}
    notify.rig.clock.instant = NOW + timedelta(days=40)
    assert "Alle har svaret" in await _page(desk, "/notify/nudges")


async def test_every_template_is_previewed_in_both_languages(notify: Notify, desk: httpx.AsyncClient) -> None:
    del notify
    listed = await _page(desk, "/notify/templates")
    for kind in KINDS:
        assert f"/notify/templates/{kind}" in listed
        page = await _page(desk, f"/notify/templates/{kind}")
        assert page.count("<iframe") == 2
        assert "Kind regards" in page
        assert "Venlig hilsen" in page
        for source in re.findall(r'<iframe[^>]* src="([^"]+)"', page):
            answer = await desk.get(source)
            assert answer.status_code == 200
            assert "?t=ey" not in answer.text
    assert (await desk.get("/notify/templates/nonsense")).status_code == 404
    assert (await desk.get("/notify/templates/proposal/sv/html")).status_code == 404
    assert "Biblioteket" in await _page(desk, "/notify/templates/proposal", party="intern", variant="99")


async def test_people_who_are_not_signed_in_are_led_to_the_sign_in_and_may_not_act(
    notify: Notify, story: Story
) -> None:
    person = notify.rig.link(
        contact_id=story.intern_contact, participant_id=story.intern_id, acts=["overview"], aggregates=[]
    )
    mail = f"/notify/mails/{UUID(int=1)}"
    pages = ["mails", "mails.csv", "held", "nudges", "templates", "templates/proposal"]
    paths = [f"/notify/{page}" for page in pages] + [
        mail,
        f"{mail}/html",
        "/notify/templates/proposal/da/html",
    ]
    acts = [f"{mail}/again", f"{mail}/drop", f"/notify/held/{UUID(int=1)}/release"]
    acts += [f"/notify/nudges/{UUID(int=1)}", "/notify/mails/find"]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create(notify.rig.context)), base_url="http://notify"
    ) as client:
        for cookies in ({}, {"ipraktik": person}, {"ipraktik-board": person}):
            client.cookies.clear()
            client.cookies.update(cookies)
            for path in paths:
                answer = await client.get(path, headers={"accept": "text/html"})
                assert answer.status_code == 303, path
                assert answer.headers["location"].endswith("/registration/sign-in")
            for path in acts:
                assert (await client.post(path, data={"number": "1"})).status_code == 401, path
