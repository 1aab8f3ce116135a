"""What every event of an evaluation repeats."""

from dataclasses import asdict
from typing import Any

from ipraktik_evaluation.store.evaluations import Request


def fields_of(request: Request) -> dict[str, Any]:
    """The fields of EvaluationRequested, EvaluationSubmitted and EvaluationExpired, which are the same."""
    return asdict(request)
