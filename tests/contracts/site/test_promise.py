"""The promise is what tests hold: every sentence names some, and each of them is there."""

import ast
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from contracts.site.reading import elements, words

from ipraktik_contracts.publishing.site.promise import NoPromise, Promised, promise

ROOT: Final = Path(__file__).resolve().parents[3]
SENTENCES: Final = [one for part in promise().parts for one in part.sentences]


@cache
def named_in(file: str) -> frozenset[str]:
    """The names of the tests in a file of the tree."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


@pytest.mark.parametrize("promised", SENTENCES, ids=lambda one: one.sentence[:40])
def test_every_sentence_of_the_promise_names_tests_that_exist(promised: Promised) -> None:
    for named in promised.tests:
        file, _, test = named.partition("::")
        assert test in named_in(file), f"{named} is not there"


def test_no_sentence_is_there_twice_and_each_is_one() -> None:
    told = [one.sentence for one in SENTENCES]
    assert len(told) == len(set(told))
    assert all(one.endswith(".") for one in told)


def test_the_page_shows_every_sentence_with_its_tests() -> None:
    shown = words(elements("promise.html", "main")[0]).replace("\u200b", "")
    for promised in SENTENCES:
        for named in promised.tests:
            assert named in shown


def test_a_sentence_without_a_test_is_refused() -> None:
    with pytest.raises(NoPromise, match=r"Coffee is free\."):
        promise("Intro.\n\n## A\n\n- Coffee is free.\n\n## What is not promised\n\n- Tea.\n")


def test_what_a_subscriber_asks_about_delivery_is_answered() -> None:
    told = " ".join(words(one) for one in elements("promise.html", "main p, main h2, main li"))
    for subject in (
        "at least once",
        "in the order",
        "no gap",
        "kept for ever",
        "first event on",
        "65,536 bytes",
        "ParticipantErased",
        "no personal data",
        "ce_time",
        "What is not promised",
    ):
        assert subject in told, subject
