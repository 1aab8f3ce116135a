"""When travellers and their host can: the days of a proposal, found by the same rules as the puzzle's."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from ipraktik_contracts.events import ParticipantUpdated
from ipraktik_matching.domain.days import day_of, stay_within, weekdays_between
from ipraktik_matching.puzzle.pieces import Days, Window
from ipraktik_matching.puzzle.stay import agreed_stay, common_windows, free_windows
from ipraktik_matching.puzzle.together import Party, shared_week
from ipraktik_matching.store.editions import Edition

ANY_JOURNEY = "own_idea"


def open_dates(edition: Edition, *, now: datetime, answer: bool = True) -> Window:
    """The edition's dates that can still be proposed. A campaign has its one week; a rolling edition leaves time to answer and sign.

    May be empty (last before first) where the edition is over.
    """
    if edition.mode == "campaign":
        return edition.dates
    wait = edition.sign_days + (edition.answer_days if answer else 0) + 1
    return max(edition.first_day, day_of(now) + timedelta(days=wait)), edition.last_day


def common_stay(
    travellers: Sequence[ParticipantUpdated],
    host: ParticipantUpdated,
    *,
    dates: Window,
    days: int | None = None,
) -> tuple[date, date] | None:
    """First and last day: of so many days, or without `days` of as many as they agree on. None where nothing is in common."""
    if dates[1] < dates[0]:
        return None
    everyone = _free([*travellers, host], dates)
    if days is None:
        stay = agreed_stay(
            ranges=[Days(body.days.min, body.days.max) for body in (*travellers, host)],
            journey_types=[body.journey_type or ANY_JOURNEY for body in travellers],
            everyone=everyone,
        )
        return None if stay is None else stay_within(stay.window, stay.days)
    stretches = (stay_within(window, days) for window in common_windows(everyone))
    return next((stretch for stretch in stretches if stretch is not None), None)


def least_stay(
    intern: ParticipantUpdated, host: ParticipantUpdated, *, dates: Window
) -> tuple[date, date] | None:
    """For a pair that found each other but not a date: the shortest stay at the beginning; they agree on another themselves."""
    return stay_within(dates, max(intern.days.min, host.days.min))


def in_common_week(
    parties: Sequence[tuple[Sequence[ParticipantUpdated], tuple[date, date]]],
    host: ParticipantUpdated,
    *,
    dates: Window,
    standing: Sequence[Window] = (),
) -> list[tuple[date, date]]:
    """When each of one host's parties comes: those who can in the same week, beside the stays that stand there, the others as given.

    A party is who travels together and the days found for them alone; none gets more days or fewer.
    """
    shared = shared_week(
        [
            Party(
                len(travellers),
                weekdays_between(*alone),
                common_windows(_free([*travellers, host], dates)),
            )
            for travellers, alone in parties
        ],
        standing,
    )
    together = (None,) * len(parties) if shared is None else shared.stays
    return [stay or alone for (_, alone), stay in zip(parties, together, strict=True)]


def _free(bodies: Sequence[ParticipantUpdated], dates: Window) -> list[tuple[Window, ...]]:
    return [free_windows([(one.first_day, one.last_day) for one in body.available], dates) for body in bodies]
