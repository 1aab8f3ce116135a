"""The published lifecycles say what the services decide: every order of acts that matching's rules allow passes through them."""

from datetime import timedelta
from itertools import pairwise

import pytest
from contracts.made import events_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant
from matching.domain.test_placement_machine import PlacementMachine

from ipraktik_contracts import events
from ipraktik_contracts.events import Event
from ipraktik_contracts.examples import example_envelopes
from ipraktik_contracts.lifecycle import (
    EVALUATION,
    LIFECYCLES,
    PARTICIPANT,
    PLACEMENT,
    SEARCH,
    IllegalTransition,
    Lifecycle,
    NoLifecycle,
    follow,
    lifecycle_of,
)
from ipraktik_contracts.registry import EVENT_CLASSES
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.usecases.record_changes import event_of

PUBLIC = [one for one in EVENT_CLASSES if one.AUDIENCE == "public"]


def known(name: str) -> Lifecycle:
    [lifecycle] = [one for one in LIFECYCLES if one.aggregate == name]
    return lifecycle


NAMES = [one.aggregate for one in LIFECYCLES]


@pytest.mark.parametrize("event_class", PUBLIC)
def test_every_public_type_belongs_to_one_lifecycle_with_its_topic_and_key(event_class: type[Event]) -> None:
    [lifecycle] = [one for one in LIFECYCLES if event_class in one.event_classes()]
    assert lifecycle_of(event_class) is lifecycle
    assert (lifecycle.topic, lifecycle.key) == (event_class.TOPIC, event_class.KEY)


def test_internal_records_are_no_steps() -> None:
    for event_class in EVENT_CLASSES:
        if event_class.AUDIENCE == "internal":
            with pytest.raises(NoLifecycle, match=event_class.__name__):
                lifecycle_of(event_class)


def test_topic_and_key_name_one_kind_of_aggregate() -> None:
    assert len({(one.topic, one.key) for one in LIFECYCLES}) == len(LIFECYCLES)


@pytest.mark.parametrize("name", NAMES)
def test_every_state_has_a_meaning_can_be_reached_and_left_unless_it_is_final(name: str) -> None:
    lifecycle = known(name)
    states = set(lifecycle.meanings)
    assert {step.after for step in lifecycle.transitions} == states
    assert {step.before for step in lifecycle.transitions} - {None} == states - lifecycle.finals
    assert lifecycle.finals <= states
    assert all(meaning.endswith(".") for meaning in lifecycle.meanings.values())
    reached: set[str | None] = {None}
    while more := {step.after for step in lifecycle.transitions if step.before in reached} - reached:
        reached |= more
    assert reached - {None} == states


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_for_a_state_and_an_event_one_transition_applies_at_most(name: str, data: st.DataObject) -> None:
    lifecycle = known(name)
    event = data.draw(st.sampled_from(lifecycle.event_classes()).flatmap(events_of))
    for state in (None, *lifecycle.meanings):
        steps = [
            step
            for step in lifecycle.steps_from(state)
            if step.event is type(event) and (step.when is None or step.when(event))
        ]
        assert len(steps) <= 1
        if steps:
            assert follow(lifecycle, state, event) == steps[0].after
        else:
            with pytest.raises(IllegalTransition):
                follow(lifecycle, state, event)


@pytest.mark.parametrize("name", NAMES)
def test_where_one_event_leads_two_ways_each_says_its_condition(name: str) -> None:
    lifecycle = known(name)
    for one in lifecycle.transitions:
        assert (one.when is None) == (one.said == "")
        for other in lifecycle.transitions:
            if one is not other and (one.event, one.before) == (other.event, other.before):
                assert one.said
                assert other.said
                assert one.said != other.said


class Followed(PlacementMachine):
    """All that matching's rules can say about one placement, followed through the published lifecycle."""

    @invariant()
    def the_lifecycle_follows(self) -> None:
        state: str | None = None
        for fact in self.said:
            state = follow(PLACEMENT, state, event_of(self.placement, fact))
        assert state == published(self.placement)


def published(placement: Placement) -> str:
    """The state that the published lifecycle has for a placement as matching keeps it."""
    if placement.state == "signed" and placement.draft is not None:
        return "amending"
    return placement.state


TestEveryOrderThatMatchingAllows = Followed.TestCase
TestEveryOrderThatMatchingAllows.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_a_signed_agreement_is_amended_refused_changed_again_and_lapses_or_is_signed_anew() -> None:
    placement = Followed()
    placement.some_way_on("signed")
    placement.somebody_puts_up_a_version(programme="b", first=0, back=0)
    placement.somebody_approves(party="intern", back=0)
    placement.somebody_refuses(party="host")
    placement.the_lifecycle_follows()
    placement.somebody_puts_up_a_version(programme="c", first=0, back=0)
    placement.time_comes_to_the_deadline(short=timedelta(0))
    placement.the_lifecycle_follows()
    assert [type(fact).__name__ for fact in placement.said][-5:] == [
        "AgreementAmended",
        "AgreementApproved",
        "AgreementRefused",
        "AgreementAmended",
        "AgreementLapsed",
    ]
    assert published(placement.placement) == "signed"
    again = Followed()
    again.some_way_on("signed")
    again.somebody_puts_up_a_version(programme="b", first=0, back=0)
    again.everybody_approves()
    again.the_lifecycle_follows()
    again.somebody_puts_up_a_version(programme="c", first=0, back=0)
    again.somebody_cancels(party="host")
    again.the_lifecycle_follows()
    assert published(again.placement) == "cancelled"


def example(event_class: type[Event], **changes: object) -> Event:
    [made] = [one.data for one in example_envelopes() if type(one.data) is event_class]
    return event_class.model_validate({**dict(made), **changes})


def test_a_self_found_pair_counts_as_accepted_from_its_first_event() -> None:
    pair = example(events.MatchProposed, origin="self_found", run_id=None)
    assert follow(PLACEMENT, None, pair) == "accepted"
    assert follow(PLACEMENT, "accepted", example(events.AgreementDrafted)) == "drafted"


def test_an_erased_sign_up_never_comes_back_even_if_it_never_was_valid() -> None:
    assert follow(PARTICIPANT, None, example(events.ParticipantErased)) == "erased"
    for event_class in PARTICIPANT.event_classes():
        with pytest.raises(IllegalTransition, match="nothing more"):
            follow(PARTICIPANT, "erased", example(event_class))


def test_after_the_last_run_there_may_still_be_another() -> None:
    last = follow(SEARCH, None, example(events.MatchNotFound, final=True))
    assert follow(SEARCH, last, example(events.MatchNotFound, final=False)) == "no_place_yet"


def test_a_refused_step_says_what_may_come_instead() -> None:
    with pytest.raises(
        IllegalTransition,
        match="evaluation: EvaluationSubmitted may not come as the first event; there may come EvaluationRequested",
    ):
        follow(EVALUATION, None, example(events.EvaluationSubmitted))
    with pytest.raises(
        IllegalTransition, match=r"while it is drafted; .*AgreementLapsed \(no version stands\)"
    ):
        follow(PLACEMENT, "drafted", example(events.MatchAccepted))
    with pytest.raises(IllegalTransition, match="edition: MatchAccepted"):
        follow(known("edition"), None, example(events.MatchAccepted))


def test_the_examples_of_one_placement_are_in_a_possible_order() -> None:
    lives: dict[tuple[str, str], list[int]] = {}
    for one in example_envelopes():
        lives.setdefault((one.data.TOPIC, one.key), []).append(one.sequence)
    for (topic, key), sequences in lives.items():
        if not topic.startswith("innovationspraktik.internal."):
            assert all(first < second for first, second in pairwise(sorted(sequences))), (topic, key)
