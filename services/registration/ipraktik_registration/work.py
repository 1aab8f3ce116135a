"""What `work` does: listens to placements and evaluations, and acts by the clock."""

from ipraktik_chassis.service import Context, Work
from ipraktik_registration.events import subscriptions
from ipraktik_registration.jobs import jobs


def compose(context: Context) -> Work:
    """The work of a running process."""
    return Work(subscriptions=subscriptions(), jobs=jobs(namespace=context.settings.topic_namespace))
