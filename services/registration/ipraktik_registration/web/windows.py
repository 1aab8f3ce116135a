"""A round as people say it: its window closes at midnight with the day before, and its days tell it from others of the same name."""

from ipraktik_chassis.texts import Speech
from ipraktik_registration.domain.editions import Frame


def closing_text(say: Speech, frame: Frame) -> str:
    """The last day on which a sign-up is taken, with the time of day where it ends before midnight. Empty for no end."""
    return "" if frame.closes_at is None else say.deadline(frame.closes_at)


def name_with_days(say: Speech, frame: Frame) -> str:
    """The round among others: two may have the same name."""
    return f"{frame.name} ({say.days(frame.first_day, frame.last_day)})"
