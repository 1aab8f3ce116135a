"""Answers are held against the questions, and every mistake names its question."""

from typing import Any

import pytest
from evaluation.facts import answers
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_evaluation.domain.answers import AnswersRefused, check_answers
from ipraktik_evaluation.domain.question_set_1 import QUESTION_SET_1

FORM = QUESTION_SET_1.form("intern", "after")


def refused(**changes: Any) -> list[str]:
    with pytest.raises(AnswersRefused) as error:
        check_answers(FORM, answers("intern", "after", **changes))
    return [one.question for one in error.value.mistakes]


def test_choices_and_texts_are_kept_apart() -> None:
    found = check_answers(
        FORM,
        answers("intern", "after", outcomes=["stop_doing", "keep_doing"], advice=" Mere tid \r\n til os "),
    )
    assert found.choices["outcomes"] == ("keep_doing", "stop_doing")
    assert found.texts == {"advice": "Mere tid \n til os"}


def test_the_same_answers_are_equal_however_they_are_sent() -> None:
    one = check_answers(
        FORM, answers("intern", "after", outcomes=["do_better", "keep_doing"], advice="a\r\nb")
    )
    other = check_answers(
        FORM,
        answers(
            "intern",
            "after",
            outcomes=["keep_doing", "do_better", "keep_doing"],
            advice="a\nb ",
            take_home="",
        ),
    )
    assert one == other


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"concrete_use": ""}, ["concrete_use"]),
        ({"concrete_use": "perhaps"}, ["concrete_use"]),
        ({"concrete_use": ["yes_much", "no"]}, ["concrete_use"]),
        ({"outcomes": []}, ["outcomes"]),
        ({"outcomes": ["do_better", "none"]}, ["outcomes"]),
        ({"outcomes": ["do_better", "fly"]}, ["outcomes"]),
        ({"advice": "x" * 2001}, ["advice"]),
        ({"advice": ["a list"]}, ["advice"]),
        ({"advice": "a\x00b"}, ["advice"]),
        ({"effects": ["quality"]}, ["effects"]),
        ({"match": "", "zebra": "x", "ape": "x"}, ["match", "ape", "zebra"]),
    ],
)
def test_a_mistake_names_its_question(changes: dict[str, Any], named: list[str]) -> None:
    assert refused(**changes) == named


def test_a_choice_of_several_may_be_a_single_code() -> None:
    assert check_answers(FORM, answers("intern", "after", outcomes="none")).choices["outcomes"] == ("none",)


@given(
    st.dictionaries(
        st.sampled_from([question.code for question in FORM]) | st.text(max_size=5),
        st.text(max_size=10)
        | st.lists(
            st.sampled_from([option.code for question in FORM for option in question.options]), max_size=4
        ),
    )
)
def test_what_is_taken_once_is_taken_again_unchanged(given_answers: dict[str, Any]) -> None:
    try:
        first = check_answers(FORM, given_answers)
    except AnswersRefused:
        return
    assert check_answers(FORM, {**first.choices, **first.texts}) == first
