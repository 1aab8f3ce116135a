"""The stream that the kits are tried with is what it says: legal, complete, and unpleasant in every way."""

from kit.hostile import Stream
from kit.lives import Happened

from ipraktik_contracts import MalformedRecord, NewerMajor, UnknownType, decode, events
from ipraktik_contracts.lifecycle import PLACEMENT


def test_every_line_counts_from_one_without_a_gap_and_in_order(stream: Stream) -> None:
    lines: dict[tuple[str, str], list[int]] = {}
    for record in stream.events.values():
        lines.setdefault(record.line, []).append(record.sequence)
    assert len(lines) > 100
    assert [line for line, numbers in lines.items() if numbers != [*range(1, len(numbers) + 1)]] == []


def test_it_walks_every_step_of_a_placement(happened: Happened) -> None:
    assert [step for step in PLACEMENT.transitions if step not in happened.steps] == []


def test_repeats_the_future_and_broken_records_are_all_in_it(stream: Stream) -> None:
    repeats = len(stream.records) - len(stream.events) - stream.refused
    assert repeats > 50
    assert stream.refused > 25
    assert stream.unknown > 25


def test_today_s_build_judges_each_record_as_the_stream_means_it(stream: Stream) -> None:
    for record in stream.records:
        try:
            event = decode(record.headers, record.value)
        except MalformedRecord:
            assert record.id is None
        except (UnknownType, NewerMajor):
            assert not record.known
        else:
            # what is left of the broken ones is broken by its key
            assert record.known
            assert record.id == str(event.id) or record.key != event.key.encode()


def test_an_erased_sign_up_is_named_by_placements_that_go_on_after_it(happened: Happened) -> None:
    gone: set[object] = set()
    late = 0
    for told in happened.told:
        match told.data:
            case events.ParticipantErased(participant_id=who):
                gone.add(who)
            case events.PlacementEvent() as data:
                late += bool({data.intern_id, data.host_id} & gone)
    assert late > 5
