"""What evaluation does without being asked by a person: listen, and act by the clock."""

from ipraktik_chassis.service import Context, Work
from ipraktik_evaluation.events import subscriptions
from ipraktik_evaluation.jobs import jobs
from ipraktik_evaluation.settings import EvaluationSettings


def compose(context: Context) -> Work:
    """The subscriptions and jobs of one process."""
    settings: EvaluationSettings = context.settings
    return Work(
        subscriptions=subscriptions(answer_days=settings.answer_days),
        jobs=jobs(answer_days=settings.answer_days),
    )
