"""The same season while a process of each service is killed by SIGKILL again and again: the same end state."""

from itertools import zip_longest

import pytest

from ipraktik_local.season.canonical import canonical

from .conftest import Played

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


def test_processes_were_really_killed(shaken: Played) -> None:
    assert shaken.killed >= 8


def test_nothing_is_lost_and_nothing_takes_effect_twice(shaken: Played) -> None:
    assert shaken.figures.reconciliation["findings"] == []


def test_a_killed_season_ends_as_one_that_nothing_disturbs(undisturbed: Played, shaken: Played) -> None:
    told = canonical(undisturbed.reading.events, refs=undisturbed.season.cast.refs)
    again = canonical(shaken.reading.events, refs=shaken.season.cast.refs)
    assert told.keys() == again.keys()
    different = [
        (name, one, other)
        for name, line in told.items()
        for one, other in zip_longest(line, again[name])
        if one != other
    ]
    assert different == [], f"{len(different)} differ, such as {different[0]}"


def test_mails_sent_again_are_only_those_in_doubt(undisturbed: Played, shaken: Played) -> None:
    assert shaken.figures.mails == undisturbed.figures.mails
