"""All question sets by version. New evaluations are asked with the newest; an old one keeps the version it was asked with."""

from typing import Final

from ipraktik_evaluation.domain.question_set_1 import QUESTION_SET_1
from ipraktik_evaluation.domain.questions import QuestionSet

QUESTION_SETS: Final[dict[int, QuestionSet]] = {one.version: one for one in (QUESTION_SET_1,)}
NEWEST: Final = max(QUESTION_SETS)
