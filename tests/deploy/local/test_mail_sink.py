"""The mail sink as a mail server, as a page to read and as a thing that fails on demand."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from ipraktik_local.mail import MailSink, start_mail_sink


def a_mail(
    *, to: str = "ida@eksempel.invalid", message_id: str = "<1@eksempel.invalid>", text: str = "Hej Ida"
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Innovationspraktik <svar-ikke@eksempel.invalid>"
    mail["To"] = to
    mail["Subject"] = "Du er tilmeldt på prøve"
    mail["Message-ID"] = message_id
    mail["X-Innovationspraktik-Kind"] = "confirmation"
    mail.set_content(text)
    return mail


def send(sink: MailSink, mail: EmailMessage, *, to: str | None = None) -> None:
    where = urlsplit(sink.smtp_url)
    with smtplib.SMTP(where.hostname or "", where.port or 0, timeout=10) as server:
        server.send_message(mail, to_addrs=[to or mail["To"]])


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[MailSink]:
    with start_mail_sink(tmp_path) as own:
        yield own


def test_a_mail_can_be_read_by_programs_as_it_was_sent(sink: MailSink) -> None:
    text = "Tryk her: https://eksempel.invalid/bekræft?t=a-b_c.\nHilsen (https://eksempel.invalid/om)"
    send(sink, a_mail(text=text))

    (mail,) = sink.mails(to="IDA@eksempel.invalid")

    assert mail["n"] == 1
    assert mail["to"] == ["ida@eksempel.invalid"]
    assert mail["subject"] == "Du er tilmeldt på prøve"
    assert mail["message_id"] == "<1@eksempel.invalid>"
    assert mail["kind"] == "confirmation"
    assert mail["text"].strip() == text
    assert mail["links"] == ["https://eksempel.invalid/bekræft?t=a-b_c", "https://eksempel.invalid/om"]
    assert [file.name for file in sink.mail_dir.iterdir()] == ["00000001.eml"]


def test_a_program_that_asks_after_a_number_gets_only_what_is_new_for_its_address(sink: MailSink) -> None:
    send(sink, a_mail(message_id="<1@x>"))
    seen = sink.last()
    send(sink, a_mail(message_id="<2@x>"))
    send(sink, a_mail(message_id="<3@x>", to="bo@eksempel.invalid"))

    assert [mail["message_id"] for mail in sink.mails(after=seen)] == ["<2@x>", "<3@x>"]
    assert [mail["message_id"] for mail in sink.mails(after=seen, to="bo@eksempel.invalid")] == ["<3@x>"]
    assert [mail["message_id"] for mail in sink.mails(limit=1)] == ["<1@x>"]


def test_waiting_for_a_mail_ends_when_none_comes(sink: MailSink) -> None:
    assert sink.mails(to="ingen@eksempel.invalid", wait=1) == []


def test_mails_are_still_there_and_counted_on_after_a_kill(sink: MailSink) -> None:
    send(sink, a_mail(message_id="<1@x>"))
    before = sink.mails()
    sink.kill()
    sink.start()
    send(sink, a_mail(message_id="<2@x>"))

    after = sink.mails()

    assert after[:1] == before
    assert [mail["n"] for mail in after] == [1, 2]


def test_a_mail_sent_twice_is_kept_twice_and_counted(sink: MailSink) -> None:
    for message_id in ("<1@x>", "<2@x>", "<1@x>"):
        send(sink, a_mail(message_id=message_id))

    assert len(sink.mails()) == 3
    assert sink.duplicates() == {"<1@x>": 2}


def test_a_temporary_failure_hits_only_its_recipient_and_only_so_often(sink: MailSink) -> None:
    sink.fault("tempfail", match="ida@", times=1)

    send(sink, a_mail(to="bo@eksempel.invalid"))
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(sink, a_mail())
    send(sink, a_mail())

    assert refused.value.recipients["ida@eksempel.invalid"][0] == 451
    assert len(sink.mails()) == 2


def test_a_rejected_recipient_gets_a_permanent_answer_until_faults_are_cleared(sink: MailSink) -> None:
    sink.fault("reject", match="*", times=None)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(sink, a_mail())
        assert refused.value.recipients["ida@eksempel.invalid"][0] == 550

    sink.clear_faults()
    send(sink, a_mail())

    assert len(sink.mails()) == 1


def test_a_mail_in_doubt_is_stored_while_its_sender_hears_nothing(sink: MailSink) -> None:
    sink.fault("accept_then_drop")

    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        send(sink, a_mail())
    send(sink, a_mail())

    assert sink.duplicates() == {"<1@eksempel.invalid>": 2}


def test_a_mail_over_the_size_limit_is_refused(sink: MailSink) -> None:
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        send(sink, a_mail(text="x" * 70 + "\n" + ("y" * 70 + "\n") * 160_000))

    assert refused.value.smtp_code == 552
    assert sink.mails() == []


def test_people_find_a_mail_on_the_list_and_can_follow_its_links(sink: MailSink) -> None:
    send(sink, a_mail(text="Se https://eksempel.invalid/a?b=1&c=2 <script>alert(1)</script>"))
    send(sink, a_mail(to="bo@eksempel.invalid"))
    with httpx.Client(base_url=sink.url, trust_env=False) as browser:
        everything, only_bo, page = (
            browser.get("/"),
            browser.get("/", params={"to": "bo@"}),
            browser.get("/mails/1"),
        )

    assert everything.text.index("/mails/2") < everything.text.index("/mails/1")
    assert "/mails/1" not in only_bo.text
    assert '<a href="https://eksempel.invalid/a?b=1&amp;c=2"' in page.text
    assert "<script" not in page.text


def test_the_html_of_a_mail_is_shown_without_an_origin_and_without_fetching_anything(sink: MailSink) -> None:
    mail = a_mail()
    mail.add_alternative("<p>Hej <img src='https://eksempel.invalid/spor.png'></p>", subtype="html")
    mail.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar", filename="praktik.ics")
    send(sink, mail)
    with httpx.Client(base_url=sink.url, trust_env=False) as browser:
        markup, page, entry = (
            browser.get("/mails/1/html"),
            browser.get("/mails/1"),
            browser.get("/mails/1/attachments/0"),
        )

    policy = markup.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "praktik.ics" in page.text
    assert entry.content == b"BEGIN:VCALENDAR"
    assert entry.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path", ["/mails/7", "/mails/7/html", "/mails/7/attachments/0", "/api/mails/7/raw", "/nej"]
)
def test_what_is_not_there_is_answered_so(sink: MailSink, path: str) -> None:
    assert httpx.get(sink.url + path, trust_env=False).status_code == 404


@pytest.mark.parametrize(
    "body",
    ['{"action":"explode"}', '[{"action":"reject","times":0}]', '"x"', '{"action":"delay","seconds":1e9}'],
)
def test_a_fault_that_makes_no_sense_is_refused_with_a_sentence(sink: MailSink, body: str) -> None:
    answer = httpx.post(
        f"{sink.url}/api/faults", content=body, headers={"content-type": "application/json"}, trust_env=False
    )

    assert answer.status_code == 422
    assert answer.json()["error"]


def test_a_form_on_another_page_cannot_cause_faults(sink: MailSink) -> None:
    answer = httpx.post(f"{sink.url}/api/faults", data={"action": "reject"}, trust_env=False)

    assert answer.status_code == 415
    send(sink, a_mail())
