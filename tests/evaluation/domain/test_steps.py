"""A form in pages: every question on one of them, nobody asked to write where nothing is kept."""

import pytest

from ipraktik_evaluation.domain.answers import Answers
from ipraktik_evaluation.domain.question_set_1 import QUESTION_SET_1
from ipraktik_evaluation.domain.questions import PARTIES, WAVES, Party, Wave
from ipraktik_evaluation.domain.steps import lost, next_step, put, questions_in, step_of, steps_of


@pytest.mark.parametrize("party", PARTIES)
@pytest.mark.parametrize("wave", WAVES)
def test_every_question_stands_on_one_page_and_no_page_has_more_than_four(party: Party, wave: Wave) -> None:
    form = QUESTION_SET_1.form(party, wave)
    shown = [question for step in steps_of(form, texts_taken=True) for question in questions_in(form, step)]
    assert sorted(one.code for one in shown) == sorted(one.code for one in form)
    assert all(len(questions_in(form, step)) <= 4 for step in steps_of(form, texts_taken=True))
    assert all(question in questions_in(form, step_of(form, question.code) or "words") for question in form)
    assert "words" not in steps_of(form, texts_taken=False)


def test_what_is_next_is_the_first_page_that_misses_an_answer() -> None:
    form = QUESTION_SET_1.form("manager", "after")
    chosen = {"concrete_use": "no", "would_recommend": "no", "plan": "no"}
    assert next_step(form, Answers(), texts_taken=True) == "stay"
    assert next_step(form, Answers(chosen), texts_taken=True) == "outcome"
    whole = Answers({**chosen, "outcomes": ("none",)})
    assert next_step(form, whole, texts_taken=True) == "words"
    assert next_step(form, whole, texts_taken=False) is None
    assert next_step(form, Answers(whole.choices, {"advice": "a"}), texts_taken=True) is None


def test_a_page_takes_the_place_of_what_stood_there_and_of_nothing_else() -> None:
    form = QUESTION_SET_1.form("manager", "after")
    draft = Answers({"concrete_use": "no", "outcomes": ("none",)}, {"advice": "a"})
    stay = questions_in(form, "stay")
    assert put(draft, stay, Answers({"plan": "yes"})) == Answers(
        {"outcomes": ("none",), "plan": "yes"}, {"advice": "a"}
    )
    assert lost(draft, stay, Answers({"plan": "yes"})) == ("concrete_use",)
    assert lost(draft, stay, Answers({"concrete_use": "no", "plan": "yes"})) == ()
    assert lost(draft, questions_in(form, "words"), Answers()) == ("advice",)
