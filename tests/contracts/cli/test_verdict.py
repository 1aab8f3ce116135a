"""The verdict names what is wrong with a subscriber, and a good one passes whatever was played."""

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4
from zlib import crc32

import pytest
from contracts.cli.streams import PARTITIONS, plays

from ipraktik_contracts.cli.conformance.echo import Echo, EchoFile
from ipraktik_contracts.cli.conformance.verdict import FAILURES, Observed, Verdict, verdict_of
from ipraktik_contracts.cli.lives.hostile import Hostility
from ipraktik_contracts.cli.playing import Played
from ipraktik_contracts.cli.records import Place
from ipraktik_contracts.cli.refusal import CannotDo


def played() -> list[Played]:
    """A hostile stream, and where it came to lie."""
    ends: defaultdict[tuple[str, int], int] = defaultdict(int)
    made = []
    for play in plays(3, Hostility(0.2, 0.1, 0.1, 0.1)):
        at = (play.record.topic, crc32(play.record.key) % PARTITIONS)
        made.append(Played(play, Place(*at, ends[at])))
        ends[at] += 1
    return made


PLAYED = played()
ENDS = {(one.place.topic, one.place.partition): one.place.offset + 1 for one in PLAYED}
GOOD = [one for one in PLAYED if one.play.known and not one.play.repeat]


def line(id: UUID, sequence: int) -> bytes:
    return json.dumps({"id": str(id), "sequence": sequence, "key": "k", "topic": "t"}).encode()


def echo_of(shown: Sequence[Played]) -> Echo:
    echo = Echo()
    for one in shown:
        echo.take(line(one.play.id, one.play.sequence))
    return echo


def judged(shown: Sequence[Played], **observed: object) -> Verdict:
    return verdict_of(PLAYED, echo_of(shown), Observed(**{"committed": ENDS, **observed}))  # type: ignore[arg-type]


def only(verdict: Verdict, what: str) -> str:
    assert not verdict.passed
    [failure] = [one for one in verdict.failures if one.what == what]
    assert verdict.as_lines()[-1].startswith("FAIL: ")
    return str(failure)


def test_a_good_subscriber_passes() -> None:
    verdict = judged(GOOD)
    assert verdict.passed
    assert verdict.events == len(GOOD)
    assert verdict.as_lines()[-1].startswith("PASS")


def test_whether_unknown_types_are_shown_does_not_matter() -> None:
    assert judged([one for one in PLAYED if not one.play.repeat]).passed


def test_what_was_passed_and_never_shown_is_missed() -> None:
    verdict = judged([one for at, one in enumerate(GOOD) if at % 7])
    said = only(verdict, "missed")
    assert f"missed ({len(GOOD[::7])})" in said
    assert str(GOOD[0].play.id) in said


def test_a_partition_that_is_let_go_is_pointed_at() -> None:
    topic, number = GOOD[0].place.topic, GOOD[0].place.partition
    verdict = judged([one for one in GOOD if (one.place.topic, one.place.partition) != (topic, number)])
    assert f"They are all that {topic}[{number}] holds" in only(verdict, "missed")


def test_a_type_that_is_dropped_is_pointed_at() -> None:
    verdict = judged(
        [one for one in GOOD if b"MatchAccepted" not in dict(one.play.record.headers)["ce_type"]]
    )
    assert "All are MatchAccepted.v1" in only(verdict, "missed")


def test_what_is_shown_again_is_named_twice() -> None:
    assert "2 times" in only(judged([*GOOD, GOOD[3]]), "twice")


def test_a_wrong_order_within_an_aggregate_is_named() -> None:
    assert [one.what for one in judged(GOOD[::-1]).failures] == ["out of order"]


def test_order_between_aggregates_is_free() -> None:
    by_key = sorted(GOOD, key=lambda one: (one.play.record.key, one.play.record.topic))
    assert judged(by_key).passed


def test_a_group_that_stands_still_is_named_with_the_record_it_stands_at() -> None:
    at = next(one for one in PLAYED if not one.play.known)
    partition = (at.place.topic, at.place.partition)
    shown = [
        one
        for one in GOOD
        if (one.place.topic, one.place.partition) != partition or one.place.offset < at.place.offset
    ]
    said = only(judged(shown, committed=ENDS | {partition: at.place.offset}, stuck=True), "stuck")
    assert str(at.place) in said
    assert "a type it does not know" in said
    assert "missed" not in said


def test_a_partition_that_was_never_committed_is_named() -> None:
    gone = max(ENDS)
    shown = [one for one in GOOD if (one.place.topic, one.place.partition) != gone]
    verdict = judged(shown, committed={one: end for one, end in ENDS.items() if one != gone}, stuck=True)
    assert f"{gone[0]}[{gone[1]}] was never committed" in only(verdict, "stuck")


def test_a_group_that_never_began_is_asked_whether_it_runs() -> None:
    assert "Is it running, in this group" in only(judged([], committed={}, stuck=True), "stuck")


def test_an_early_commit_is_named_though_nothing_was_lost() -> None:
    verdict = judged(GOOD, early={GOOD[5].play.id: GOOD[5].place})
    assert "Commit the offset after" in only(verdict, "early")


def test_what_was_lost_by_an_early_commit_says_so() -> None:
    verdict = judged(GOOD[:-3], early={one.play.id: one.place for one in GOOD[-3:]}, lost_by_kill=3)
    assert "3 of them were committed and not shown when it was killed" in only(verdict, "missed")
    assert [one.what for one in verdict.failures] == ["missed"]


def test_another_number_another_id_and_a_line_that_is_none_are_named() -> None:
    echo = echo_of(GOOD[:-1])
    echo.take(line(GOOD[-1].play.id, 99))
    echo.take(line(uuid4(), 1))
    echo.take(b"taken in!")
    echo.take(b'{"id": 7, "sequence": 1}')
    verdict = verdict_of(PLAYED, echo, Observed(committed=ENDS))
    assert [one.what for one in verdict.failures] == ["number", "invented", "unreadable"]
    assert "shown as number 99" in str(verdict.failures[0])
    assert f"line {len(GOOD) + 2}" in str(verdict.failures[2])


def test_one_that_ended_by_itself_is_told_of() -> None:
    assert "exit status 3" in only(judged(GOOD, ended="exit status 3"), "ended")


def test_every_failure_has_its_meaning_and_the_verdict_its_object() -> None:
    verdict = judged(GOOD[1:])
    assert {one.what for one in verdict.failures} <= set(FAILURES)
    assert verdict.as_json()["failures"][0]["what"] == "missed"
    assert json.loads(json.dumps(verdict.as_json()))["passed"] is False


def test_an_echo_is_followed_from_where_it_stood_line_by_line(tmp_path: Path) -> None:
    file, echo = tmp_path / "echo", Echo()
    file.write_bytes(line(uuid4(), 1) + b"\n")
    reading = EchoFile(file, echo)
    first, second = uuid4(), uuid4()
    with file.open("ab") as out:
        out.write(line(first, 1) + b"\n" + line(second, 2)[:10])
        out.flush()
        reading.read_more()
        assert [one.id for one in echo.shown] == [first]
        out.write(line(second, 2)[10:] + b"\n")
    reading.read_more()
    assert [one.id for one in echo.shown] == [first, second]


def test_an_echo_may_come_into_being_later_and_must_not_be_cut(tmp_path: Path) -> None:
    file, echo = tmp_path / "echo", Echo()
    reading = EchoFile(file, echo)
    reading.read_more()
    file.write_bytes(line(uuid4(), 1) + b"\n")
    reading.read_more()
    assert len(echo.shown) == 1
    file.write_bytes(b"")
    with pytest.raises(CannotDo, match="must append"):
        reading.read_more()


def test_an_echo_has_limits(tmp_path: Path) -> None:
    echo = Echo()
    echo.take(b'{"id": "' + b"x" * 5000 + b'"}')
    assert "longer than" in echo.unreadable[0]
    file = tmp_path / "echo"
    reading = EchoFile(file, Echo())
    file.write_bytes(b"x" * (3 * 1024 * 1024))
    with pytest.raises(CannotDo, match="a line without an end"):
        reading.read_more()
