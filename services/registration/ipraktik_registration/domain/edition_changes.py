"""What a change of an edition's frame means for sign-ups and placements that are there already. Codes; pages have the words."""

from datetime import datetime
from typing import Literal

from ipraktik_registration.domain.editions import Frame

Meaning = Literal[
    "closes_now",
    "opens_now",
    "closes_earlier",
    "closes_later",
    "stays_open",
    "days_move",
    "answer_days",
    "sign_days",
    "follow_up",
    "mails_held",
    "mails_go",
    "mode",
]
"""Each stands for one thing that a coordinator ought to know before the change is saved."""


def meanings(before: Frame, after: Frame, *, now: datetime) -> tuple[Meaning, ...]:
    """What the change means; nothing where only the name is another."""
    found: list[Meaning] = []
    was, becomes = before.takes_sign_ups(now), after.takes_sign_ups(now)
    if was and not becomes:
        found.append("closes_now")
    elif becomes and not was:
        found.append("opens_now")
    if before.closes_at != after.closes_at:
        if after.closes_at is None:
            found.append("stays_open")
        elif was and becomes:
            earlier = before.closes_at is None or after.closes_at < before.closes_at
            found.append("closes_earlier" if earlier else "closes_later")
    if before.mode != after.mode:
        found.append("mode")
    if (before.first_day, before.last_day) != (after.first_day, after.last_day):
        found.append("days_move")
    if before.answer_days != after.answer_days:
        found.append("answer_days")
    if before.sign_days != after.sign_days:
        found.append("sign_days")
    if before.follow_up != after.follow_up:
        found.append("follow_up")
    if before.hold_mails != after.hold_mails:
        found.append("mails_held" if after.hold_mails else "mails_go")
    return tuple(found)
