"""A question set that was ever used never changes."""

import hashlib
import json
from dataclasses import asdict

import pytest

from ipraktik_contracts.codes import Label
from ipraktik_evaluation.domain.indicators import INDICATORS
from ipraktik_evaluation.domain.question_sets import NEWEST, QUESTION_SETS
from ipraktik_evaluation.domain.questions import Option, Question, QuestionSet

FINGERPRINTS = {1: "0b3679e221ac7d25622770e1ea09b035b71f725f3a993ffcbc7c3c35db983b4b"}


def fingerprint(questions: QuestionSet) -> str:
    forms = {
        f"{party}/{wave}": [asdict(one) for one in form] for (party, wave), form in questions.forms.items()
    }
    return hashlib.sha256(json.dumps(forms, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def test_a_version_never_changes() -> None:
    found = {version: fingerprint(questions) for version, questions in QUESTION_SETS.items()}
    assert found == FINGERPRINTS, (
        "a question set changed; answers carry its version, so write a new version beside it"
    )


def test_every_indicator_is_asked_of_its_parties_in_its_wave() -> None:
    for indicator in INDICATORS:
        for party in indicator.parties:
            form = {one.code: one for one in QUESTION_SETS[NEWEST].form(party, indicator.wave)}
            question = form[indicator.question]
            assert question.required
            assert indicator.yes < {option.code for option in question.options}


def test_two_minutes_are_enough_for_every_form() -> None:
    for questions in QUESTION_SETS.values():
        for form in questions.forms.values():
            assert len(form) <= 7
            assert sum(question.kind == "text" for question in form) <= 2


def test_every_word_is_there_in_both_languages() -> None:
    for questions in QUESTION_SETS.values():
        for form in questions.forms.values():
            for question in form:
                for label in (question.label, *(option.label for option in question.options)):
                    assert label.da
                    assert label.en
                    assert label.da != label.en


def test_a_question_cannot_be_built_wrong() -> None:
    label = Label("Hvad?", "What?")
    with pytest.raises(ValueError, match="a choice has options"):
        Question("what", "one", label)
    with pytest.raises(ValueError, match="nobody has to write"):
        Question("what", "text", label)
    with pytest.raises(ValueError, match="same code"):
        Question("what", "one", label, (Option("yes", label), Option("yes", label)))
    with pytest.raises(ValueError, match="every party"):
        QuestionSet(version=9, forms={})
