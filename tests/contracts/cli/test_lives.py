"""The fictional edition is repeatable and legal, and everything that can happen happens in it; the quick table says what the lifecycle says."""

from collections import Counter

import pytest
from contracts.cli.streams import events, plays, proof, records_of
from contracts.made import events_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ipraktik_contracts.cli.lives.edition import Edition, edition_events
from ipraktik_contracts.cli.lives.hostile import PEACE, Hostility, hostile
from ipraktik_contracts.cli.proof.kinds import next_state, public_kinds
from ipraktik_contracts.envelope import MAX_BODY_BYTES, DecodingError, decode, encode
from ipraktik_contracts.lifecycle import LIFECYCLES, IllegalTransition, follow, lifecycle_of

KINDS = list(public_kinds().values())


@pytest.mark.parametrize("kind", KINDS, ids=[kind.name for kind in KINDS])
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_the_table_says_what_the_lifecycle_says(kind: object, data: st.DataObject) -> None:
    found = next(one for one in KINDS if one is kind)
    event = data.draw(events_of(found.event_class))
    for state in (None, *found.lifecycle.meanings):
        try:
            after = follow(found.lifecycle, state, event)
        except IllegalTransition:
            after = None
        assert next_state(found.after, state, event) == after


def test_the_same_seed_tells_the_same_edition_to_the_byte() -> None:
    edition = Edition(seed=9, participants=25)
    one, other = ([encode(event) for event in edition_events(edition)] for _ in range(2))
    assert one == other
    assert one != [encode(event) for event in edition_events(Edition(seed=10, participants=25))]
    told = edition_events(edition)
    assert hostile(told, seed=9, hostility=Hostility()) == hostile(told, seed=9, hostility=Hostility())


def test_everything_that_can_happen_happens() -> None:
    told = [event for seed in range(4) for event in events(seed, 300)]
    steps = set()
    states: dict[tuple[str, str], str] = {}
    for event in told:
        lifecycle, place = lifecycle_of(type(event.data)), (event.data.TOPIC, event.key)
        before = states.get(place)
        states[place] = follow(lifecycle, before, event.data)
        steps.add((type(event.data), before, states[place]))
    possible = {(step.event, step.before, step.after) for one in LIFECYCLES for step in one.transitions}
    unusual = {
        ("MatchWithdrawn", "accepted", "withdrawn"),  # between two events of one transaction
        # three runs, or one after the last: an edition here has two
        ("MatchNotFound", "no_place_yet", "no_place_yet"),
        ("MatchNotFound", "no_place", "no_place_yet"),
        ("MatchNotFound", "no_place", "no_place"),
    }
    assert {(event.__name__, before, after) for event, before, after in possible - steps} == unusual


@pytest.mark.parametrize("participants", [3, 4, 10, 61])
def test_an_edition_of_any_size_is_legal(participants: int) -> None:
    for seed in range(5):
        told = edition_events(Edition(seed=seed, participants=participants))
        found = proof(records_of(hostile(told, seed=seed, hostility=PEACE)))
        assert found.proved, found.findings
        assert [one.time for one in told] == sorted(one.time for one in told)


def test_a_hostile_stream_holds_everything_it_promises() -> None:
    played = plays(2, Hostility(), participants=300)
    counts = Counter((one.known, one.repeat) for one in played)
    assert counts[True, True] > 50
    assert counts[False, False] > 50
    bodies = [one.record.value for one in played]
    assert any(b"added_inside" in body for body in bodies)
    assert any(b"field_of_tomorrow" in body for body in bodies)
    assert any(MAX_BODY_BYTES - 200 < len(body) <= MAX_BODY_BYTES for body in bodies)
    assert any(b"AgreementSigned" in dict(one.record.headers)["ce_type"] for one in played if not one.known)
    for one in played:
        try:
            decoded = decode(one.record.headers, one.record.value)
        except DecodingError:
            assert not one.known
        else:
            assert (decoded.id, decoded.sequence) == (one.id, one.sequence)


def test_an_older_version_left_out_what_says_nothing() -> None:
    [one] = [event for event in events(1, 30) if type(event.data).__name__ == "ParticipantRegistered"][:1]
    [play] = hostile([one], seed=1, hostility=Hostility(0, 0, 0, 1.0, 0))
    assert len(play.record.value) < len(encode(one).value)
    assert decode(play.record.headers, play.record.value).data == one.data


def test_nobody_in_it_can_be_taken_for_real() -> None:
    names = {
        event.data.workplace.organisation_name for event in events(1, 300) if hasattr(event.data, "workplace")
    }
    assert names
    assert all(name.endswith("(opdigtet)") for name in names)
    assert {event.source.split(":")[2] for event in events(1, 30)} == {"sandkasse"}
