"""What is odd about the sign-ups is told to coordinators with names, in both languages."""

import re
import uuid

import pytest
from matching.board_visits import Visits
from matching.cast import Cast
from matching.puzzle.test_remarks import test_what_is_odd_is_said_and_stops_nobody as _said
from rig import Rig

from ipraktik_matching.puzzle import limits
from ipraktik_matching.store.runs import Remark
from ipraktik_matching.web.board import codes, remark_words
from ipraktik_matching.web.page_routes import PAGES

_TOO_MANY = limits.too_many(interns=limits.MOST_ROWS, hosts=limits.MOST_ROWS) or ""
_CASES = [_TOO_MANY, *(one[2] for mark in _said.pytestmark for one in mark.args[1])]  # type: ignore[attr-defined]  # what parametrize leaves on it


@pytest.mark.parametrize("sentence", _CASES)
def test_every_remark_of_the_engine_has_words_of_our_own(sentence: str) -> None:
    danish, english = (
        remark_words.in_words(PAGES.speech(language), sentence, lambda one: f"<{one}>")
        for language in ("da", "en")
    )
    assert danish
    assert english
    assert danish != english
    named = [one for one in ("b", "h", "i0") if re.search(rf"(^|[ ,]){one}[ ,:.]", sentence)]
    assert all(f"<{one}>" in danish for one in named)


def test_long_lists_of_names_are_cut() -> None:
    say = PAGES.speech("da")
    told = remark_words.in_words(
        say, "a, b and 7 more: wishes for region:0, which is nowhere in this puzzle.", str.upper
    )
    assert told == "A, B og 7 flere ønsker stedet region:0, som ikke findes her."


def test_a_sentence_without_words_is_shown_as_english() -> None:
    say = PAGES.speech("da")
    assert remark_words.told(say, [Remark("said", text="Something new.")], {}) == [("Something new.", True)]
    ids = (uuid.uuid4(), uuid.uuid4())
    for code in codes.REMARKS:
        ((sentence, english),) = remark_words.told(say, [Remark(code, ids)], {})
        assert "Ukendt tilmelding" in sentence
        assert not english


async def test_a_run_names_whoever_contradicts_themselves(rig: Rig, cast: Cast) -> None:
    board = Visits(cast)
    await cast.joins("host")
    gone = uuid.uuid4()
    await cast.joins("intern", companion_id=gone)
    run_id = await cast.solved_run()
    page = await board.get(f"/runs/{run_id}")
    assert "Navn self intern vil rejse med en, der ikke er med, og rejser derfor alene." in page
    assert "names the companion" not in page
    assert str(gone) not in page
    english = await board.get(f"/runs/{run_id}", lang="en")
    assert "Navn self intern wants to travel with somebody who does not take part" in english
