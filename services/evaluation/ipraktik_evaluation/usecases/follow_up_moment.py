"""When a stay's second evaluation is due: so many months after its last day, at nine in the morning by local time."""

from datetime import date, datetime
from typing import Final

from ipraktik_chassis.clock import at_local
from ipraktik_evaluation.domain.schedule import follow_up_day

_HOUR: Final = 9


def follow_up_moment(last_day: date, *, months: int) -> datetime:
    """The instant, in UTC."""
    return at_local(follow_up_day(last_day, months=months), _HOUR)
