"""Every kind in both languages and all its variants: whole sentences, one link, a subject that fits, nothing that slips through."""

import email
import email.policy
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from email.message import EmailMessage
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.domain.words import one_line
from ipraktik_notify.mailing.materials import values_for
from ipraktik_notify.mailing.message import Sender, compose
from ipraktik_notify.mailing.rendering import SUBJECT_LIMIT, TEMPLATES, Rendered, render
from ipraktik_notify.mailing.samples import NOW, SAMPLES, every, sample

PRIVACY = "https://example.org/registration/privacy"
LINK = "https://example.org/matching/link?t=abc.def_ghi-jkl"
LANGUAGES = ("da", "en")
_RESPOND = SAMPLES["new_link"][1][0]


def _rendered(
    kind: str,
    party: str,
    facts: Mapping[str, Any],
    *,
    language: str,
    known: bool = True,
    name: str | None = None,
    relation: str | None = None,
) -> Rendered:
    made = sample(kind, party, facts, language=language, known=known, name=name, relation=relation)
    values = values_for(made.mail, made.materials, recipient=made.recipient, now=NOW)
    link = LINK if KINDS[kind].opening else None
    return render(
        kind=kind, values=values, link=link, organiser="Center", reply_to="hej@example.org", privacy=PRIVACY
    )


@pytest.mark.parametrize("kind", ["companion_invited", "pair_confirmation"])
@pytest.mark.parametrize("relation", ["self", "invited"])
def test_who_is_signed_up_is_asked_and_who_is_not_is_invited(kind: str, relation: str) -> None:
    for language in LANGUAGES:
        text = _rendered(kind, "asked", _RESPOND, language=language, relation=relation).text
        assert (("tilmeld dig" if language == "da" else "sign up as") in text) is (relation == "invited")


_WHY = {
    "self": (
        "bedt om det, eller fordi din e-mail er ændret",
        "asked for it, or because your e-mail was changed",
    ),
    "manager": (
        "leder for en praktikant, eller som lederens stedfortræder",
        "manager of an intern, or the manager's deputy",
    ),
    "reserve": ("reserve for en vært", "a host's reserve"),
}


@pytest.mark.parametrize("relation", sorted(_WHY))
def test_who_is_given_a_link_is_told_why_and_only_who_may_have_asked_reads_so(relation: str) -> None:
    for number, language in enumerate(LANGUAGES):
        text = " ".join(
            _rendered("new_link", "asked", _RESPOND, language=language, relation=relation).text.split()
        )
        assert {other for other, why in _WHY.items() if why[number] in text} == {relation}


@pytest.mark.parametrize(("known", "role"), [(True, "intern"), (True, "host"), (False, "")])
@pytest.mark.parametrize("kind", ["confirm_address", "new_link"])
def test_who_has_signed_up_as_both_can_tell_the_mails_apart(kind: str, known: bool, role: str) -> None:
    said = {"intern": ("som praktikant", "as an intern"), "host": ("som vært", "as a host")}
    for number, language in enumerate(LANGUAGES):
        made = sample(kind, "asked", {}, language=language)
        id = made.mail.participant_id
        # before a sign-up is valid only its contacts tell of its role
        materials = replace(
            made.materials,
            participants={},
            own={id: replace(made.recipient, role=role or None)} if id else {},
        )
        values = values_for(made.mail, materials, recipient=made.recipient, now=NOW)
        words = render(
            kind=kind, values=values, link=LINK, organiser="Center", reply_to="a@example.org", privacy=PRIVACY
        )
        for text in (words.subject, words.text):
            assert {one for one, by in said.items() if by[number] in text} == ({role} if known else set())


def test_who_was_signed_up_by_a_coordinator_reads_so_and_what_a_yes_takes() -> None:
    for language, said in (("da", "koordinator gjort det for dig"), ("en", "coordinator did it for you")):
        text = _rendered("confirm_address", "asked", _RESPOND, language=language).text
        assert said in text
        assert "Har du ikke selv tilmeldt dig" not in text
        assert "did not sign up yourself" not in text


def test_who_is_signed_up_is_sent_to_the_own_page_to_correct_it() -> None:
    for party in ("intern", "host"):
        assert "rette din tilmelding" in _rendered("registered", "self", {"role": party}, language="da").text
        assert "correct your sign-up" in _rendered("registered", "self", {"role": party}, language="en").text


def _every() -> Iterator[tuple[str, str, Mapping[str, Any], str, bool]]:
    for (kind, party, facts), language, known in product(every(), LANGUAGES, (True, False)):
        yield kind, party, facts, language, known


def test_every_kind_has_its_variants_here_and_its_texts_in_both_languages() -> None:
    assert set(SAMPLES) == set(KINDS)
    for language in LANGUAGES:
        assert {path.stem for path in (TEMPLATES / language).glob("*.txt")} == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_mail_of_every_variant_is_whole(kind: str) -> None:
    for _, party, facts, language, known in (one for one in _every() if one[0] == kind):
        words = _rendered(kind, party, facts, language=language, known=known)
        where = f"{kind} {party} {facts} {language} {known}:\n{words.subject}\n{words.text}"
        assert 8 <= len(words.subject) <= SUBJECT_LIMIT, where
        assert "\n" not in words.subject
        assert not words.subject.endswith("…"), where
        for text in (words.subject, words.text, words.html):
            assert not re.search(r"\{[{%#]|[%#}]\}|None(?! of)|Undefined", text), where
        assert not re.search(r"  +\S| [.,;?!]|\.\.|\( |,,", words.text.replace("\n", "|")), where
        linked = KINDS[kind].opening is not None
        assert words.text.count(LINK) == linked, where
        assert (LINK in words.html) is linked
        assert f'lang="{language}"' in words.html
        assert re.match(r"Hello\b" if language == "en" else r"Hej\b", words.text)
        # paragraphs and items stay apart: none is longer than a person reads in one go
        foot = words.text.index("\n-- \n")
        assert max(len(part) for part in re.split(r"\n\n|\n- ", words.text[:foot])) < 420, where


def test_the_languages_differ_in_every_sentence() -> None:
    for kind, (parties, variants) in SAMPLES.items():
        texts = [
            _rendered(kind, parties[0], variants[0], language=language).text.split("\n\n")
            for language in LANGUAGES
        ]
        assert not {part for part in texts[0] if len(part) > 40} & {
            part for part in texts[1] if len(part) > 40
        }, kind


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "Bo\r\nBcc: x@example.org", "{{ 7*7 }}{% if %}", "\u202e" * 200]
)
def test_what_a_person_wrote_is_only_ever_text(name: str) -> None:
    for kind in ("proposal", "agreement_signed", "consent_wanted", "accepted_wait"):
        words = _rendered(kind, SAMPLES[kind][0][0], SAMPLES[kind][1][0], language="da", name=name)
        assert "<script" not in words.html
        assert not re.search(r"^Bcc:", words.subject + "\n" + words.text, re.MULTILINE)
        assert "49" not in words.subject
        assert len(words.subject) <= SUBJECT_LIMIT


@given(name=st.text(max_size=200), subject=st.text(min_size=1, max_size=78), body=st.text(max_size=500))
def test_a_message_gives_back_exactly_what_was_put_into_it(name: str, subject: str, body: str) -> None:
    words = Rendered(one_line(subject) or "x", body, f"<p>{body}</p>")
    content = compose(
        kind="proposal",
        words=words,
        sender=Sender("Innovationspraktik", "praktik@example.org"),
        reply_to="hej@example.org",
        name=name,
        address="bo@example.org",
        language="da",
        id="<0123456789abcdef0123@example.org>",
        thread=None,
        now=NOW,
    )
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert sorted(message.keys()) == sorted(set(message.keys()))  # no header twice, so none was smuggled in
    assert message["Bcc"] is None
    assert [one.addr_spec for one in message["To"].addresses] == ["bo@example.org"]
    assert message["Subject"].replace(" ", "") == words.subject.encode(errors="replace").decode().replace(
        " ", ""
    )
    text = message.get_body(("plain",))
    assert text is not None
    wanted = body.encode(errors="replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    assert text.get_content().replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") == wanted.rstrip("\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 998


def test_only_the_signed_agreement_tells_the_parties_each_others_addresses() -> None:
    for kind, party, facts, language, known in _every():
        words = _rendered(kind, party, facts, language=language, known=known)
        others = {"intern": "host@", "host": "intern@", "reserve": "intern@"}.get(party)
        shown = [
            found for found in re.findall(r"[\w.]+@example\.org", words.text) if found != "hej@example.org"
        ]
        if kind == "agreement_signed" and others and known:
            assert [found.startswith(others) for found in shown] == [True]
        else:
            assert not shown, (kind, party)


def test_the_html_loads_nothing_and_runs_nothing() -> None:
    for kind, (parties, variants) in SAMPLES.items():
        html = _rendered(kind, parties[0], variants[0], language="da").html
        assert not re.search(r"<(img|script|link|iframe)|@import|url\(", html)
        assert set(re.findall(r'href="([^"]+)"', html)) == {
            PRIVACY,
            *([LINK] if KINDS[kind].opening else []),
        }
        assert html.count("<h1") == 1
