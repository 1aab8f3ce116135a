"""Every kind in both languages and all its variants: whole sentences, one link, a subject that fits, nothing that slips through."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notify.facts import Story

from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.domain.trouble import TROUBLE
from ipraktik_notify.domain.words import one_line
from ipraktik_notify.mailing.materials import Materials, values_for
from ipraktik_notify.mailing.message import Sender, compose
from ipraktik_notify.mailing.rendering import SUBJECT_LIMIT, TEMPLATES, Rendered, render
from ipraktik_notify.store.course import Edition
from ipraktik_notify.store.people import Contact, Participant
from ipraktik_notify.store.queue import Claimed

NOW = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)
LINK = "https://example.org/matching/link?t=abc.def_ghi-jkl"
LANGUAGES = ("da", "en")
ALL = ("intern", "manager", "host")
_ENDED = ("intern_withdrew", "host_withdrew", "erased", "companion_out", "coordinator")
_ASKED = [{"respond_by": (NOW + timedelta(days=14)).isoformat()}, {}]

# kind -> (parties, variants of its facts)
VARIANTS: dict[str, tuple[tuple[str, ...], list[dict[str, Any]]]] = {
    "confirm_address": (("asked",), _ASKED),
    "sign_up_expired": (("asked",), _ASKED),
    "consent_wanted": (("asked",), _ASKED),
    "consent_reminder": (("asked",), _ASKED),
    "consent_refused": (("self",), _ASKED),
    "companion_invited": (("asked",), _ASKED),
    "pair_confirmation": (("asked",), _ASKED),
    "host_asked": (("asked",), _ASKED),
    "new_link": (("asked",), _ASKED),
    "registered": (("self",), [{"role": "intern"}, {"role": "host"}]),
    "withdrawn": (
        ("self",),
        [{"reason": r} for r in ("own_wish", "workplace", "new_job", "coordinator", "other")],
    ),
    "proposal": (("intern", "host"), [{}]),
    "answer_reminder": (("intern", "host"), [{}]),
    "accepted_wait": (("intern", "host"), [{"party": "host", "both": False}]),
    "declined": (
        ("intern", "host"),
        [{"reason": r} for r in ("dates", "distance", "field", "capacity", "workplace", "other")],
    ),
    "expired": (
        ("intern", "host"),
        [{"silent": ["host"]}, {"silent": ["intern"]}, {"silent": ["intern", "host"]}],
    ),
    "proposal_withdrawn": (("intern", "host"), [{"reason": r} for r in _ENDED]),
    "not_found": (
        ("self",),
        [{"reason": r} for r in ("no_host_fits", "no_free_place", "companion_has_no_place")],
    ),
    "still_looking": (("self",), [{"reason": "no_free_place"}]),
    "agreement_draft": (ALL, [{"version": 1}]),
    "agreement_changed": (ALL, [{"version": 2}, {"version": 3, "standing_version": 2, "changed": ["dates"]}]),
    "sign_reminder": (ALL, [{"version": 1}, {"version": 2, "standing_version": 1}]),
    "agreement_refused": (
        ALL,
        [{"party": p, "version": 1, "reason": r} for p in ALL for r in ("dates", "terms", "cover", "other")],
    ),
    "agreement_signed": (ALL, [{"version": 1, "signed_version": 1}, {"version": 2, "signed_version": 2}]),
    "agreement_lapsed": (
        ALL,
        [{"version": 1, "missing": ["manager"]}, {"version": 2, "missing": list(ALL), "standing_version": 1}],
    ),
    "agreement_cancelled": (
        ALL,
        [
            {"by": by, "reason": "dates", **signed}
            for by in (*ALL, "coordinator", "programme")
            for signed in ({}, {"signed_version": 1})
        ],
    ),
    "last_day": (("intern", "host"), [{}]),
    "not_held": (
        ALL,
        [
            {"by": by, "reason": reason}
            for by in (*ALL, "coordinator")
            for reason in ("intern_prevented", "host_prevented", "postponed", "other")
        ],
    ),
    "evaluation_wanted": (ALL, [{"wave": "after"}, {"wave": "follow_up"}]),
    "evaluation_reminder": (ALL, [{"wave": "after"}, {"wave": "follow_up"}]),
    "report_published": (("coordinator",), [{"revision": 1}, {"revision": 2}]),
    "webhook_paused": (
        ("owner",),
        [
            {
                "webhook_id": "0199a39f-11aa-7c40-9a55-0c2b7f3e4d22",
                "agency": "skat",
                "host": "events.skat.example",
                "outcome": outcome,
                "since": NOW.isoformat(),
            }
            for outcome in TROUBLE
        ],
    ),
}


def _contact(story: Story, who: str, *, name: str, language: str) -> Contact:
    made = story.contact(who)
    return Contact(
        made.contact_id, made.participant_id, made.relation, name, made.email, language, made.unit_name, 1
    )


def _rendered(
    kind: str,
    party: str,
    facts: dict[str, Any],
    *,
    language: str,
    known: bool = True,
    name: str = "Søren Ærø",
    relation: str | None = None,
) -> Rendered:
    story = Story()
    people = {who: _contact(story, who, name=name, language=language) for who in ALL}
    recipient = people[
        party if party in ALL else "manager" if kind in ("consent_wanted", "consent_reminder") else "intern"
    ]
    if relation is not None:
        recipient = replace(recipient, relation=relation)
    placement = KINDS[kind].bodies == ("intern", "host")
    usual: dict[str, Any] = {}
    if placement:
        usual = {
            "first_day": "2018-09-10",
            "last_day": "2018-09-14",
            "answer_by": (NOW + timedelta(days=14)).isoformat(),
            "sign_by": (NOW + timedelta(days=30)).isoformat(),
            "stay_over": "2018-09-17T12:00:00+02:00",
        }
    mail = Claimed(
        id=story.placement_id,
        fact_id=story.evaluation_id,
        kind=kind,
        party=party,
        contact_id=recipient.contact_id,
        edition_id=story.edition_id if placement or party in ("self", "coordinator") else None,
        participant_id=recipient.participant_id,
        placement_id=story.placement_id if placement else None,
        intern_id=story.intern_id if placement else None,
        host_id=story.host_id if placement else None,
        aggregate_id=story.host_id,
        subject_id=story.placement_id,
        facts={**usual, **facts},
        attempts=1,
    )

    def sign_up(id: UUID, role: str) -> Participant:
        return Participant(id, story.edition_id, role, "Vejle Kommune", "registered")

    role = facts.get("role", "intern")
    materials = Materials(
        recipients={recipient.contact_id: recipient},
        own={story.intern_id: people["intern"], story.host_id: people["host"]} if known else {},
        participants=(
            {story.intern_id: sign_up(story.intern_id, role), story.host_id: sign_up(story.host_id, "host")}
            if known
            else {}
        ),
        editions={
            story.edition_id: Edition(
                story.edition_id,
                "Innovationspraktik 2018",
                "campaign",
                False,
                datetime(2018, 9, 10).date(),  # noqa: DTZ001 - a day
                datetime(2018, 9, 14).date(),  # noqa: DTZ001 - a day
            )
        },
        aggregates={},
    )
    values = values_for(mail, materials, recipient=recipient, now=NOW)
    link = LINK if KINDS[kind].opening else None
    return render(kind=kind, values=values, link=link, organiser="Center", reply_to="hej@example.org")


@pytest.mark.parametrize("kind", ["companion_invited", "pair_confirmation"])
@pytest.mark.parametrize("relation", ["self", "invited"])
def test_who_is_signed_up_is_asked_and_who_is_not_is_invited(kind: str, relation: str) -> None:
    for language in LANGUAGES:
        text = _rendered(kind, "asked", _ASKED[0], language=language, relation=relation).text
        assert (("tilmeld dig" if language == "da" else "sign up as") in text) is (relation == "invited")


def _every() -> Iterator[tuple[str, str, dict[str, Any], str, bool]]:
    for kind, (parties, variants) in VARIANTS.items():
        for party, facts, language, known in product(parties, variants, LANGUAGES, (True, False)):
            yield kind, party, facts, language, known


def test_every_kind_has_its_variants_here_and_its_texts_in_both_languages() -> None:
    assert set(VARIANTS) == set(KINDS)
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
        assert words.text.startswith("Hello " if language == "en" else "Hej ")
        # paragraphs stay apart: none is longer than a person reads in one go
        assert max(len(paragraph) for paragraph in words.text.split("\n\n")) < 420, where


def test_the_languages_differ_in_every_sentence() -> None:
    for kind, (parties, variants) in VARIANTS.items():
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
        words = _rendered(kind, VARIANTS[kind][0][0], VARIANTS[kind][1][0], language="da", name=name)
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
        others = {"intern": "host.", "host": "intern."}.get(party)
        shown = [
            found for found in re.findall(r"[\w.]+@example\.org", words.text) if found != "hej@example.org"
        ]
        if kind == "agreement_signed" and others and known:
            assert [found.startswith(others) for found in shown] == [True]
        else:
            assert not shown, (kind, party)


def test_the_html_loads_nothing_and_runs_nothing() -> None:
    for kind, (parties, variants) in VARIANTS.items():
        html = _rendered(kind, parties[0], variants[0], language="da").html
        assert not re.search(r"<(img|script|link|iframe)|@import|url\(", html)
        assert set(re.findall(r'href="([^"]+)"', html)) == ({LINK} if KINDS[kind].opening else set())
        assert html.count("<h1") == 1
