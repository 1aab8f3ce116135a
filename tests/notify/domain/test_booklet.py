"""The booklet is whole: three roles, three phases, fifty-eight items, each with an id of its own and words in both languages."""

import pytest

from ipraktik_notify.domain.booklet import BOOKLET, PHASES, ROLES, Item, Phase, Role

# phase -> role -> (pieces of advice, questions)
COUNTS: dict[Phase, dict[Role, tuple[int, int]]] = {
    "before": {"workplace": (5, 3), "intern": (5, 2), "host": (4, 3)},
    "during": {"workplace": (1, 1), "intern": (5, 3), "host": (4, 3)},
    "after": {"workplace": (2, 4), "intern": (3, 3), "host": (3, 4)},
}
ITEMS = [item for items in BOOKLET.values() for item in (*items.advice, *items.questions)]


def test_the_counts_are_those_of_the_programmes_booklet() -> None:
    assert set(BOOKLET) == {(role, phase) for role in ROLES for phase in PHASES}
    for (role, phase), items in BOOKLET.items():
        assert (len(items.advice), len(items.questions)) == COUNTS[phase][role], (role, phase)
    assert len(ITEMS) == 58
    assert sum(len(items.advice) for items in BOOKLET.values()) == 32


def test_an_id_names_one_item_and_says_where_it_stands() -> None:
    assert len({item.id for item in ITEMS}) == 58
    for (role, phase), items in BOOKLET.items():
        assert all(item.id.startswith(f"{role}-{phase}-") for item in (*items.advice, *items.questions))


@pytest.mark.parametrize("item", ITEMS, ids=[item.id for item in ITEMS])
def test_an_item_is_a_short_whole_sentence_in_both_languages(item: Item) -> None:
    for language in ("da", "en"):
        words = item.words(language)
        assert 15 <= len(words.text) <= 80
        assert 20 <= len(words.why) <= 180
        assert words.text[0].isupper()
        assert words.why.endswith(".") or words.why.endswith("?")
    assert item.da.text != item.en.text


def test_advice_tells_and_questions_ask() -> None:
    for items in BOOKLET.values():
        for language in ("da", "en"):
            assert all(item.words(language).text.endswith(".") for item in items.advice)
            assert all(item.words(language).text.endswith("?") for item in items.questions)


@pytest.mark.parametrize(
    ("role", "phase", "words"),
    [
        ("workplace", "before", "HR"),
        ("workplace", "during", "i fred"),
        ("workplace", "after", "fire trin"),
        ("intern", "during", "15 til 30 minutter"),
        ("intern", "during", "fortroligt"),
        ("intern", "during", "tre gode råd"),
        ("intern", "before", "allergi"),
        ("intern", "after", "seks trin"),
        ("host", "before", "reserve"),
        ("host", "during", "ærlig kritik"),
        ("host", "after", "genbesøg"),
    ],
)
def test_what_the_programme_asks_for_stands_in_the_list_of_whom_it_concerns(
    role: Role, phase: Phase, words: str
) -> None:
    items = BOOKLET[role, phase]
    text = " ".join(f"{item.da.text} {item.da.why}" for item in (*items.advice, *items.questions))
    assert words in text
