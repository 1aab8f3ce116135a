"""A whole season through the processes: sign-up over HTTP, mails by SMTP, events over Kafka, ending in the reconciliation."""

from collections import Counter, defaultdict

import httpx
import pytest

from ipraktik_contracts import CloudEvent
from ipraktik_contracts.events import (
    AgreementApproved,
    AgreementDrafted,
    AgreementSigned,
    EvaluationRequested,
    InternshipCompleted,
    MatchProposed,
    ParticipantErased,
    ParticipantRegistered,
    PlacementEvent,
)
from ipraktik_contracts.lifecycle import NoLifecycle, follow, lifecycle_of
from ipraktik_contracts.registry import EVENT_CLASSES

from .conftest import PARTICIPANTS, Played

pytestmark = pytest.mark.timeout(900)  # the first test to run pays for the season

_ENDINGS = {
    "MatchDeclined",
    "MatchExpired",
    "MatchWithdrawn",
    "AgreementCancelled",
    "InternshipCompleted",
    "InternshipNotHeld",
}


def _by_placement(played: Played) -> dict[str, list[CloudEvent]]:
    lives: dict[str, list[CloudEvent]] = defaultdict(list)
    for event in played.reading.events:
        if isinstance(event.data, PlacementEvent):
            lives[event.key].append(event)
    return {key: sorted(events, key=lambda event: event.sequence) for key, events in lives.items()}


def test_everything_committed_stands_on_the_topics_once_in_effect_in_order_and_without_a_gap(
    calm: Played,
) -> None:
    assert calm.figures.reconciliation["findings"] == []
    assert calm.figures.holds
    assert calm.figures.reconciliation["events committed"] == len(calm.reading.events) > 1000


def test_every_aggregate_takes_only_legal_steps(calm: Played) -> None:
    states: dict[tuple[str, str], str] = {}
    for event in sorted(calm.reading.events, key=lambda one: one.sequence):
        try:
            lifecycle = lifecycle_of(type(event.data))
        except NoLifecycle:
            continue
        place = (lifecycle.aggregate, event.key)
        states[place] = follow(lifecycle, states.get(place), event.data)
    assert sum(state == "completed" for state in states.values()) > 10


def test_every_path_of_the_programme_is_walked(calm: Played) -> None:
    funnel = calm.figures.funnel
    assert funnel["sign-ups posted"] == PARTICIPANTS
    assert 0 < funnel["registered"] < PARTICIPANTS
    for stage in (
        "declined",
        "expired",
        "agreements signed",
        "agreements lapsed",
        "agreements cancelled",
        "internships completed",
        "internships not held",
        "evaluations answered",
    ):
        assert funnel[stage] > 0, stage
    assert funnel["internships completed"] < funnel["agreements signed"] <= funnel["accepted by both"]
    assert funnel["accepted by both"] < funnel["proposals"]


def test_every_public_event_is_said(calm: Played) -> None:
    public = {cls.__name__ for cls in EVENT_CLASSES if cls.AUDIENCE == "public"}
    assert public - set(calm.reading.by_type) == set()


def test_no_mail_goes_out_twice_and_every_kind_that_the_season_needs_does(calm: Played) -> None:
    assert calm.figures.mails_sent_again == 0
    kinds = set(calm.figures.mails)
    assert {
        "confirm_address",
        "consent_wanted",
        "registered",
        "pair_confirmation",
        "proposal",
        "agreement_draft",
        "agreement_changed",
        "agreement_signed",
        "agreement_cancelled",
        "last_day",
        "evaluation_wanted",
        "report_published",
    } <= kinds


def test_every_agreement_was_approved_by_all_three_in_one_version(calm: Played) -> None:
    signed = 0
    for life in _by_placement(calm).values():
        drafts = {
            event.data.version: event.data.fingerprint
            for event in life
            if isinstance(event.data, AgreementDrafted)
        }
        for event in life:
            if isinstance(event.data, AgreementSigned) and event.data.version in drafts:
                parties = {
                    other.data.party
                    for other in life
                    if isinstance(other.data, AgreementApproved) and other.data.version == event.data.version
                }
                assert event.data.fingerprint == drafts[event.data.version]
                assert len(parties) == 2, "the third approval is the signing itself"
                signed += 1
    assert signed > 10


def test_nothing_happens_to_a_placement_after_its_end(calm: Played) -> None:
    for key, life in _by_placement(calm).items():
        names = [type(event.data).__name__ for event in life]
        assert names[0] == "MatchProposed", key
        ended = [number for number, name in enumerate(names) if name in _ENDINGS]
        assert ended in ([], [len(names) - 1]) or names[-1] == "AgreementLapsed", (key, names)


def test_no_host_has_more_interns_in_the_week_than_it_offered(calm: Played) -> None:
    capacity = {
        event.key: event.data.capacity
        for event in calm.reading.events
        if isinstance(event.data, ParticipantRegistered) and event.data.role == "host"
    }
    stays = Counter(
        str(event.data.host_id)
        for event in calm.reading.events
        if isinstance(event.data, InternshipCompleted)
    )
    assert stays
    assert all(count <= (capacity[host] or 0) for host, count in stays.items())


def test_companions_are_proposed_to_one_host(calm: Played) -> None:
    groups: dict[str, set[str]] = defaultdict(set)
    for event in calm.reading.events:
        if isinstance(event.data, MatchProposed) and event.data.group_id is not None:
            groups[f"{event.data.group_id} {event.data.run_id}"].add(str(event.data.host_id))
    assert groups
    assert all(len(hosts) == 1 for hosts in groups.values())


def test_each_party_is_asked_to_evaluate_once_per_wave(calm: Played) -> None:
    asked = Counter(
        (event.data.placement_id, event.data.party, event.data.wave)
        for event in calm.reading.events
        if isinstance(event.data, EvaluationRequested)
    )
    completed = calm.figures.funnel["internships completed"]
    assert set(asked.values()) == {1}
    assert len(asked) == completed * 3 * 2


def test_the_indicators_stand_beside_the_published_ones(calm: Played) -> None:
    for code in ("concrete_use", "would_recommend", "in_contact_afterwards"):
        one = calm.figures.indicators[code]
        assert one["n"] >= 5
        assert 0.4 < one["share"] <= 1
        assert one["published"]


def test_what_was_erased_is_gone_from_the_log_of_mails_and_the_registry(calm: Played) -> None:
    erased = [event.key for event in calm.reading.events if isinstance(event.data, ParticipantErased)]
    assert erased
    token = {"authorization": f"Bearer {calm.stack.env['COORDINATOR_TOKEN']}"}
    for participant_id in erased:
        ref = calm.season.cast.refs[participant_id]
        address = calm.season.cast.people[ref].email
        log = httpx.get(
            f"{calm.stack.env['NOTIFY_URL']}/notify/api/v1/mails",
            params={"participant_id": participant_id},
            headers=token,
        )
        assert log.status_code == 200
        assert address not in log.text


def test_the_report_is_public_and_names_nobody(calm: Played) -> None:
    report = httpx.get(
        f"{calm.stack.env['EVALUATION_URL']}/evaluation/api/v1/editions/{calm.season.edition_id}/report"
    )
    assert report.status_code == 200
    for person in calm.season.people:
        assert person.body["name"] not in report.text
        assert person.email not in report.text
