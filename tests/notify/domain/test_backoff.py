"""A subscriber that fails is given about a day."""

from datetime import UTC, datetime, timedelta

from ipraktik_notify.domain.backoff import DELAYS, MOST, next_try

NOW = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)


def test_the_pauses_grow_and_add_up_to_a_day() -> None:
    assert list(DELAYS) == sorted(DELAYS)
    assert timedelta(hours=23) < sum(DELAYS, timedelta()) < timedelta(hours=25)
    assert next_try(1, now=NOW) == NOW + timedelta(seconds=5)
    assert next_try(len(DELAYS), now=NOW) == NOW + DELAYS[-1]


def test_after_the_last_pause_it_has_been_long_enough() -> None:
    assert next_try(len(DELAYS) + 1, now=NOW) is None


def test_a_subscriber_may_ask_for_more_time_but_neither_for_less_nor_for_ever() -> None:
    assert next_try(1, now=NOW, asked=timedelta(minutes=3)) == NOW + timedelta(minutes=3)
    assert next_try(5, now=NOW, asked=timedelta(seconds=1)) == NOW + DELAYS[4]
    assert next_try(1, now=NOW, asked=timedelta(days=400)) == NOW + MOST
