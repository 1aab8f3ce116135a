"""What a template may say: only values that its mails have, in both languages the same, in plain words."""

import re
from typing import Final

import pytest

from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.domain.placeholders import placeholders_of
from ipraktik_notify.mailing.materials import values_for
from ipraktik_notify.mailing.rendering import render, values_used
from ipraktik_notify.mailing.samples import NOW, SAMPLES, every, sample
from ipraktik_notify.web import words

MOST_LIX: Final = 40
_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NO_PROSE: Final = re.compile(r"\S+@\S+|https?://\S+|/notify/\S+|\b(kl|nr)\.|(?<=\d)\.")


def _text(kind: str, party: str, facts: object, language: str) -> str:
    made = sample(kind, party, facts, language=language)  # type: ignore[arg-type]
    values = values_for(made.mail, made.materials, recipient=made.recipient, now=NOW)
    link = "https://example.org/link?t=x" if KINDS[kind].opening else None
    return render(
        kind=kind,
        values=values,
        link=link,
        organiser="Center for Offentlig Innovation",
        reply_to="hej@example.org",
        privacy="https://example.org/p",
    ).text


def _lix(text: str) -> float:
    """Words per sentence and the share of long words. A line ends a sentence."""
    found = sentences = long = 0
    for line in text.splitlines():
        for sentence in re.split(r"[.!?:;]+(?:\s|$)", _NO_PROSE.sub("", line)):
            said = _WORD.findall(sentence)
            sentences += bool(said)
            found += len(said)
            long += sum(len(word) > 6 for word in said)
    return found / sentences + 100 * long / found


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_placeholder_of_a_template_is_one_that_its_mails_have(kind: str) -> None:
    for language in ("da", "en"):
        assert values_used(kind, language) - placeholders_of(kind) == set(), language


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_both_languages_of_a_template_say_the_same_things(kind: str) -> None:
    assert values_used(kind, "da") ^ values_used(kind, "en") == set()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_template_may_use_is_given_for_every_variant(kind: str) -> None:
    for name, party, facts in every():
        if name != kind:
            continue
        made = sample(kind, party, facts, language="da")
        values = values_for(made.mail, made.materials, recipient=made.recipient, now=NOW)
        assert placeholders_of(kind) <= set(values)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_mail_is_written_in_plain_danish(kind: str) -> None:
    hard = {
        (party, str(facts)): round(lix)
        for name, party, facts in every()
        if name == kind and (lix := _lix(_text(kind, party, facts, "da"))) > MOST_LIX
    }
    assert not hard


def test_every_kind_has_a_sample_and_a_name_for_coordinators() -> None:
    assert set(SAMPLES) == set(KINDS) == set(words.KINDS)
    parties = {party for of_kind, _ in SAMPLES.values() for party in of_kind}
    assert parties <= set(words.PARTIES)


def test_the_foot_of_every_mail_says_why_who_whose_and_how_to_reach_us() -> None:
    for kind, party, facts in every():
        foot = _text(kind, party, facts, "da").partition("\n-- \n")[2]
        assert "Du får mailen, fordi " in foot
        assert (
            "Center for Offentlig Innovation står for Innovationspraktik og har ansvaret for dine oplysninger"
            in foot
        )
        assert "skriv til hej@example.org" in foot
        assert "https://example.org/p" in foot
        assert ("Linket er kun til dig" in foot) is (KINDS[kind].opening is not None)
