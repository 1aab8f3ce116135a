"""The small parts that everything leans on: clocks, ids, causes, subscriptions."""

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_chassis.cause import because_of, current_cause, new_cause
from ipraktik_chassis.clock import FileClock, FixedClock, SystemClock, at_local, local_day
from ipraktik_chassis.ids import derived_id, new_id
from ipraktik_chassis.subscriptions import Subscriptions
from ipraktik_contracts.events import ContactChanged, MatchAccepted, MatchDeclined
from ipraktik_contracts.topics import CONTACTS, PLACEMENTS

NOON = datetime(2018, 9, 10, 10, 0, tzinfo=UTC)


async def nothing(*_: Any) -> None:
    """A handler."""


def test_the_clock_file_is_read_at_each_asking(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock")
    clock.set(NOON)
    assert clock.now() == NOON
    clock.set(NOON + timedelta(days=1))
    assert clock.now() == NOON + timedelta(days=1)


def test_a_reader_of_the_clock_file_never_sees_half_an_instant(tmp_path: Path) -> None:
    clock = FileClock(tmp_path / "clock")
    clock.set(NOON)
    stop = threading.Event()

    def drive() -> None:
        step = 0
        while not stop.is_set():
            step += 1
            clock.set(NOON + timedelta(microseconds=step * 111_111))

    driver = threading.Thread(target=drive)
    driver.start()
    try:
        seen = [clock.now() for _ in range(2000)]
    finally:
        stop.set()
        driver.join()
    assert all(later >= earlier for earlier, later in pairwise(seen))


@pytest.mark.parametrize(
    "text", ["2018-09-10T12:00:00+02:00", "2018-09-10T10:00:00Z", " 2018-09-10T10:00:00Z\n"]
)
def test_the_clock_file_may_name_any_zone_and_is_read_as_utc(tmp_path: Path, text: str) -> None:
    (tmp_path / "clock").write_text(text)
    assert FileClock(tmp_path / "clock").now() == NOON
    assert FileClock(tmp_path / "clock").now().tzinfo is UTC


@pytest.mark.parametrize("text", ["2018-09-10T10:00:00", "soon", ""])
def test_a_clock_file_without_an_instant_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "clock").write_text(text)
    with pytest.raises(ValueError):
        FileClock(tmp_path / "clock").now()


def test_real_seconds_go_on_while_simulated_time_stands_still(tmp_path: Path) -> None:
    file = FileClock(tmp_path / "clock")
    file.set(NOON)
    for clock in (FixedClock(NOON), file, SystemClock()):
        before = clock.monotonic()
        time.sleep(0.01)
        assert 0.005 < clock.monotonic() - before < 5


def test_a_day_is_a_danish_day_and_an_instant_is_utc() -> None:
    # summer time, winter time, and the night between two days
    assert at_local(date(2018, 9, 10), 12) == NOON
    assert at_local(date(2018, 1, 10), 12) == datetime(2018, 1, 10, 11, 0, tzinfo=UTC)
    assert local_day(datetime(2018, 9, 10, 21, 59, tzinfo=UTC)) == date(2018, 9, 10)
    assert local_day(datetime(2018, 9, 10, 22, 0, tzinfo=UTC)) == date(2018, 9, 11)
    assert local_day(datetime(2018, 1, 10, 22, 59, tzinfo=timezone(timedelta(0)))) == date(2018, 1, 10)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)))
def test_the_beginning_of_a_day_lies_in_it(day: date) -> None:
    assert local_day(at_local(day)) == day
    assert local_day(at_local(day) - timedelta(seconds=1)) == day - timedelta(days=1)


def test_ids_are_uuids_of_version_7_that_sort_by_the_programmes_time() -> None:
    earlier, later = new_id(NOON), new_id(NOON + timedelta(milliseconds=1))
    assert earlier.version == later.version == 7
    assert earlier.variant == "specified in RFC 4122"
    assert earlier < later
    assert earlier.int >> 80 == int(NOON.timestamp() * 1000)
    assert len({new_id(NOON) for _ in range(1000)}) == 1000


FORKED = """
import os
from datetime import UTC, datetime
from ipraktik_chassis.ids import new_id

noon = datetime(2018, 9, 10, 10, 0, tzinfo=UTC)
new_id(noon)  # draws more than it needs, which the child must not use too
child = os.fork()
ids = [str(new_id(noon)) for _ in range(200)]
os.write(1, ("\\n".join(ids) + "\\n").encode())
if child:
    os.waitpid(child, 0)
"""


def test_a_forked_process_draws_ids_of_its_own() -> None:
    drawn = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=True).stdout
    assert len(set(drawn.split())) == len(drawn.split()) == 400


def test_threads_never_draw_the_same_id() -> None:
    with ThreadPoolExecutor(8) as pool:
        drawn = [
            id for ids in pool.map(lambda _: [new_id(NOON) for _ in range(500)], range(16)) for id in ids
        ]
    assert len(set(drawn)) == 8000


def test_a_derived_id_is_the_same_for_the_same_parts_and_no_others() -> None:
    assert derived_id("evaluation", 1, "intern") == derived_id("evaluation", "1", "intern")
    assert derived_id("a", "bc") != derived_id("ab", "c")
    assert derived_id("a", "b").version == 5


def test_a_cause_goes_on_from_its_parent_and_begins_anew_without_one() -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
    cause = new_cause(parent=parent)
    version, trace, span, flags = cause.traceparent.split("-")
    assert (version, trace, flags) == ("00", "4bf92f3577b34da6a3ce929d0e0e4736", "00")
    assert span != "00f067aa0ba902b7"
    assert cause.correlation_id == trace
    assert new_cause().traceparent != new_cause().traceparent


@pytest.mark.parametrize(
    "parent",
    [
        None,
        "",
        "x",
        "00-" + "0" * 32 + "-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
    ],
)
def test_what_is_no_trace_begins_a_new_one(parent: str | None) -> None:
    cause = new_cause(parent=parent)
    assert "4bf92f3577b34da6a3ce929d0e0e4736" not in cause.traceparent.lower()
    assert set(cause.traceparent.split("-")[1]) != {"0"}
    assert "\n" not in cause.traceparent


async def test_a_cause_holds_inside_its_block_and_in_its_own_task_only() -> None:
    assert current_cause() is None

    async def elsewhere() -> object:
        await asyncio.sleep(0)
        return current_cause()

    outside = asyncio.create_task(elsewhere())
    with because_of(new_cause()) as outer:
        with because_of(new_cause()) as inner:
            assert current_cause() is inner
        assert current_cause() is outer
        assert await asyncio.create_task(elsewhere()) is outer
    assert current_cause() is None
    assert await outside is None


def test_an_event_class_has_one_handler() -> None:
    subscriptions = Subscriptions()
    subscriptions.on(MatchAccepted, nothing)
    for register in (subscriptions.on, subscriptions.on_many):
        with pytest.raises(ValueError, match="MatchAccepted already has a handler"):
            register(MatchAccepted, nothing)


def test_a_public_topic_has_no_erasures() -> None:
    with pytest.raises(ValueError, match="is public"):
        Subscriptions().on_erasure(MatchAccepted, nothing)


def test_the_topics_read_are_those_of_the_handlers_and_erasures() -> None:
    assert not Subscriptions().topics
    subscriptions = Subscriptions()
    subscriptions.on(MatchAccepted, nothing)
    subscriptions.on_many(MatchDeclined, nothing)
    subscriptions.on_erasure(ContactChanged, nothing)
    assert subscriptions.topics == (CONTACTS.name, PLACEMENTS.name)
    assert subscriptions.handles(MatchDeclined)
    assert not subscriptions.handles(ContactChanged)
