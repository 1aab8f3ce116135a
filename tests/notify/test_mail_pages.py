"""Coordinators look through the mails: what went to whom, what failed and why, and sending one again."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import httpx
import pytest
from notify.conftest import Notify
from notify.facts import NOW, Story

from ipraktik_contracts import events
from ipraktik_local.mail import MailSink


async def _page(desk: httpx.AsyncClient, path: str, **query: str) -> str:
    answer = await desk.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


async def _mail_id(notify: Notify, kind: str, party: str) -> UUID:
    (row,) = [row for row in await notify.log() if (row["kind"], row["party"]) == (kind, party)]
    found: UUID = row["id"]
    return found


async def test_the_list_says_what_went_to_whom(notify: Notify, story: Story, desk: httpx.AsyncClient) -> None:
    await notify.tell(*story.people(), story.proposed())
    page = await _page(desk, "/notify/mails")
    assert page.count("<tr>") == 1 + 4 + 2  # heading, four that were sent, two planned reminders
    assert story.address("host") in page
    assert "Forslag" in page
    assert "planlagt til" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "proposal"}, 2),
        ({"kind": "proposal", "party": "host"}, 1),
        ({"state": "scheduled"}, 2),
        ({"failed": "yes"}, 0),
        ({"kind": "nonsense", "state": "x", "edition": "y", "before": "z"}, 6),
    ],
)
async def test_the_list_is_narrowed(
    notify: Notify, story: Story, desk: httpx.AsyncClient, query: dict[str, str], found: int
) -> None:
    await notify.tell(*story.people(), story.proposed())
    page = await _page(desk, "/notify/mails", **query)
    assert max(page.count("<tr>") - 1, 0) == found


async def test_a_person_is_found_by_the_beginning_of_a_name_or_an_address_and_no_address_holds_either(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(*story.people(), story.proposed())
    for words in ("hanne", "Hanne Vær", story.address("host"), str(story.host_contact), str(story.host_id)):
        answer = await desk.post("/notify/mails/find", data={"who": words})
        assert answer.status_code == 303
        assert re.fullmatch(r"/notify/mails\?about=[0-9a-f-]{36}", answer.headers["location"])
        page = await _page(desk, answer.headers["location"])
        assert story.address("host") in page
        assert story.address("intern") not in page

    many = await desk.post("/notify/mails/find", data={"who": "e"})
    assert many.status_code in (200, 422)
    for nothing in ("", "zzz", "' & | ! :* <->", "\u0000", "x" * 5000):
        answer = await desk.post("/notify/mails/find", data={"who": nothing})
        assert answer.status_code == 422
        assert "<title>Fejl:" in answer.text


async def test_pages_of_the_list_follow_each_other_there_and_back(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(story.edition(), story.contact("intern"))
    for _ in range(4):
        await notify.tell(*(story.request(events.LinkRequested) for _ in range(30)))
    seen: list[str] = []
    page, path = "", "/notify/mails"
    while path:
        page = await _page(desk, path)
        seen += re.findall(r'<th scope="row"><a href="/notify/mails/([0-9a-f-]+)', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = following[1] if following else ""
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)
    back = re.search(r'href="([^"]+)" rel="prev"', page)
    assert back
    assert seen[50] in await _page(desk, back[1])


async def test_the_file_holds_the_list_and_nobodys_name_or_address(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(*story.people(), story.proposed())
    answer = await desk.get("/notify/mails.csv", params={"kind": "proposal"})
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("mail_id;kind;party;state")
    assert len(lines) == 3
    for private in (story.mark, "Hanne", "Søren"):
        assert private not in answer.text


async def test_two_rounds_of_the_same_name_are_told_apart_by_their_days(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(story.edition())
    assert ">Innovationspraktik 2018<" in await _page(desk, "/notify/mails")
    await notify.tell(Story().edition())
    page = await _page(desk, "/notify/mails")
    assert page.count(">Innovationspraktik 2018 (10.–14. september 2018)<") == 2


async def test_what_failed_is_said_in_words_with_what_to_do_and_is_sent_again_as_another_mail(
    notify: Notify,
    story: Story,
    desk: httpx.AsyncClient,
    mail_sink: MailSink,
    clear_faults: Callable[[], None],
) -> None:
    mail_sink.fault("reject", match=story.address("intern"), times=1)
    await notify.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    clear_faults()
    mail_id = await _mail_id(notify, "registered", "self")
    assert "Modtagerens mailserver sagde nej" in await _page(desk, "/notify/mails", failed="yes")
    page = await _page(desk, f"/notify/mails/{mail_id}")
    assert "Tjek e-mailen på tilmeldingen" in page
    assert "550" in page
    assert "Forsøg, der ikke lykkedes" in page

    first = await desk.post(f"/notify/mails/{mail_id}/again", data={"number": "1"})
    second = await desk.post(f"/notify/mails/{mail_id}/again", data={"number": "1"})  # pressed twice
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    await notify.rig.run_jobs()
    (mail,) = notify.received("intern")
    rows = {row["resend_of"]: row for row in await notify.log()}
    assert rows[mail_id]["message_id"] == mail["message_id"] != rows[None]["message_id"]
    assert (rows[mail_id]["acted_by"], rows[mail_id]["resent"]) == ("coordinator", 0)
    assert "Sendt igen på ønske" in await _page(desk, f"/notify/mails/{mail_id}")


async def test_a_mail_goes_again_to_who_is_in_that_place_now(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(
        *story.people(), story.proposed(origin="self_found"), story.of_placement(events.AgreementDrafted)
    )
    mail_id = await _mail_id(notify, "agreement_draft", "manager")
    await notify.rig.erase(events.ContactChanged, story.manager_contact)
    refused = await desk.post(f"/notify/mails/{mail_id}/again", data={"number": "1"})
    assert refused.status_code == 409
    assert "Modtageren er slettet" in refused.text

    other = Story()
    await notify.tell(
        story.contact("manager", contact_id=other.manager_contact, email=other.address("manager"))
    )
    answer = await desk.post(f"/notify/mails/{mail_id}/again", data={"number": "1"})
    assert answer.status_code == 303
    await notify.rig.run_jobs()
    notify.story = other
    assert [mail["kind"] for mail in notify.received("manager")] == ["agreement_draft"]


@pytest.mark.parametrize("number", ["", "0", "2", "x", "99999"])
async def test_a_stale_page_sends_nothing_again(
    notify: Notify, story: Story, desk: httpx.AsyncClient, number: str
) -> None:
    await notify.tell(story.edition(), story.contact("intern"), story.registered("intern"))
    mail_id = await _mail_id(notify, "registered", "self")
    answer = await desk.post(f"/notify/mails/{mail_id}/again", data={"number": number})
    assert answer.status_code == 409
    assert "Noget har ændret sig imens" in answer.text
    assert len(await notify.log()) == 1


async def test_what_is_answered_overdue_or_on_its_way_is_not_sent_again(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(
        *story.people(), story.proposed(), story.of_placement(events.MatchAccepted, party="host")
    )
    answered, unanswered = [await _mail_id(notify, "proposal", party) for party in ("host", "intern")]
    assert "Modtageren har svaret" in await _page(desk, f"/notify/mails/{answered}")
    assert (await desk.post(f"/notify/mails/{answered}/again", data={"number": "1"})).status_code == 409

    assert (await desk.post(f"/notify/mails/{unanswered}/again", data={"number": "1"})).status_code == 303
    assert (await desk.post(f"/notify/mails/{unanswered}/again", data={"number": "2"})).status_code == 409
    await notify.rig.run_jobs()
    notify.rig.clock.instant = NOW + timedelta(days=14)
    assert "Fristen er gået" in await _page(desk, f"/notify/mails/{unanswered}")
    assert (await desk.post(f"/notify/mails/{unanswered}/again", data={"number": "2"})).status_code == 409


async def test_a_mail_is_shown_as_it_reads_today_without_the_link_that_opens_it(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(*story.people(), story.proposed())
    mail_id = await _mail_id(notify, "proposal", "host")
    page = await _page(desk, f"/notify/mails/{mail_id}")
    assert "Vi foreslår, at I tager imod Søren Ærø" in page
    assert "modtagerens-eget-link" in page
    token = notify.received("host")[-1]["links"][0].partition("?t=")[2]
    assert token not in page
    html = await desk.get(f"/notify/mails/{mail_id}/html")
    assert "sandbox" in html.headers["content-security-policy"]
    assert "modtagerens-eget-link" in html.text

    await notify.tell(story.contact("intern", name="Et Andet Navn"))
    assert "Et Andet Navn" in await _page(desk, f"/notify/mails/{mail_id}")
    await notify.rig.erase(events.ContactChanged, story.host_contact)
    page = await _page(desk, f"/notify/mails/{mail_id}")
    assert "Modtageren er slettet" in page
    assert story.address("host") not in page


async def test_every_kind_of_mail_that_waits_or_went_has_its_page(
    notify: Notify, story: Story, desk: httpx.AsyncClient
) -> None:
    await notify.tell(
        *story.people(),
        story.proposed(),
        story.signed(),
        story.of_placement(events.AgreementCancelled, reason="dates"),
        story.request(events.ConsentRequested, to="manager"),
        story.evaluation(events.EvaluationRequested, placement_id=uuid4()),
        story.report(),
    )
    for row in await notify.log():
        page = await _page(desk, f"/notify/mails/{row['id']}")
        assert "<h1>" in page
    assert (await desk.get(f"/notify/mails/{uuid4()}")).status_code == 404
    assert (await desk.get("/notify/mails/nonsense")).status_code == 404
