"""The last moment that counts of a window, as people say it: a window that closes at midnight closes with the day before."""

from datetime import timedelta

from ipraktik_chassis.clock import at_local, local_day
from ipraktik_chassis.texts import Speech
from ipraktik_registration.domain.editions import Frame


def closing_text(say: Speech, frame: Frame) -> str:
    """The last day on which a sign-up is taken, with the time of day where it ends before midnight. Empty for no end."""
    if frame.closes_at is None:
        return ""
    last_day = local_day(frame.closes_at - timedelta(microseconds=1))
    if frame.closes_at == at_local(last_day + timedelta(days=1)):
        return say.day(last_day)
    return say.instant(frame.closes_at)
