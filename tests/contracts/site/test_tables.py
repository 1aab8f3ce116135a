"""The tables that are told on pages are those that the services and the schemas go by."""

from dataclasses import fields
from typing import Final, get_args

import pytest

from ipraktik_contracts.codes import REASONS as OPEN_REASONS
from ipraktik_contracts.publishing.site.field_table import field_rows
from ipraktik_contracts.publishing.site.lists import (
    CHANGED_TERMS,
    INDICATORS,
    MATCH_REASONS,
    code_lists,
    municipality_rows,
    region_rows,
)
from ipraktik_contracts.publishing.site.neighbours import steps_of
from ipraktik_contracts.registry import REGISTRY, TypeEntry
from ipraktik_evaluation.domain import indicators
from ipraktik_matching import plans
from ipraktik_matching.domain import facts
from ipraktik_matching.domain.terms import Terms
from ipraktik_matching.puzzle.points import REASONS
from ipraktik_registration.domain import withdrawal

PUBLIC: Final = [entry for entry in REGISTRY.values() if entry.audience == "public"]


def test_the_reasons_told_are_those_that_matching_gives() -> None:
    assert tuple(MATCH_REASONS) == REASONS


@pytest.mark.parametrize(
    ("event", "given"),
    [
        ("ParticipantWithdrawn", (*get_args(withdrawal.WithdrawalReason), "coordinator")),
        ("MatchDeclined", get_args(facts.DeclineReason)),
        ("MatchWithdrawn", get_args(facts.WithdrawalReason)),
        ("MatchNotFound", get_args(plans.NotFoundReason)),
        ("AgreementRefused", get_args(facts.RefusalReason)),
        ("AgreementCancelled", get_args(facts.CancellationReason)),
        ("InternshipNotHeld", get_args(facts.NotHeldReason)),
    ],
)
def test_the_open_reasons_told_are_those_that_the_services_give(event: str, given: tuple[str, ...]) -> None:
    assert set(OPEN_REASONS[event]) == set(given)


def test_the_parts_of_an_agreement_told_are_those_that_can_differ() -> None:
    assert list(CHANGED_TERMS) == [
        one.name for one in fields(Terms) if one.name not in ("placement_id", "version", "standing_points")
    ]


def test_the_indicators_told_are_those_that_are_worked_out() -> None:
    assert list(INDICATORS) == [one.code for one in indicators.INDICATORS]


def test_every_open_code_has_its_list() -> None:
    told = " ".join(one.used_in for one in code_lists() if one.open)
    missing = [
        f"{entry.name}: {row.name}"
        for entry in PUBLIC
        for row in field_rows(entry.event_class)
        if "open code" in row.type
        and f"`{row.name}{'[]' if row.type.startswith('list') else ''}`" not in told
    ]
    assert missing == []


def test_every_code_is_told_in_both_languages() -> None:
    for one in code_lists():
        assert all(row.english and row.danish for row in one.rows), one.title


@pytest.mark.parametrize("entry", PUBLIC, ids=lambda one: one.name)
def test_every_field_is_told_with_its_meaning_type_and_data_class(entry: TypeEntry) -> None:
    rows = field_rows(entry.event_class)
    told = {row.name.replace("[]", ""): row.data_class for row in rows}
    assert told == dict(entry.data_classes)
    assert all(row.meaning and row.type for row in rows)


def test_what_an_older_event_may_lack_is_told_with_what_it_then_means() -> None:
    lapsed = next(entry for entry in PUBLIC if entry.name == "AgreementLapsed")
    missing = {row.name: row.missing for row in field_rows(lapsed.event_class) if row.missing}
    assert missing == {"standing_version": "null"}


def test_limits_are_told() -> None:
    registered = next(entry for entry in PUBLIC if entry.name == "ParticipantRegistered")
    limits = {row.name: row.limits for row in field_rows(registered.event_class)}
    assert limits["role"] == ("one of `intern`, `host`",)
    assert limits["capacity"] == ("1 to 3",)
    assert limits["workplace.organisation_name"] == ("1 to 200 characters",)
    assert limits["wishes.sectors"][0] == "at most 5 entries"


def test_before_and_after_come_from_the_states() -> None:
    by_name = {entry.name: entry.event_class for entry in PUBLIC}
    released, self_found = steps_of(by_name["MatchProposed"])
    assert (released.before, released.came_by) == (None, ())
    assert "MatchAccepted" in [one.name for one in released.follow]
    assert [one.name for one in self_found.follow] == ["MatchWithdrawn", "AgreementDrafted"]
    (completed,) = steps_of(by_name["InternshipCompleted"])
    assert completed.final
    assert completed.follow == ()
    assert "AgreementSigned" in completed.came_by


def test_two_regions_become_one_in_the_tables_too() -> None:
    holds = {row.code: row.english for row in region_rows()}
    assert holds["oestdanmark"] == "from 1 January 2027"
    assert holds["sjaelland"] == "until 31 December 2026"
    assert holds["nordjylland"] == "throughout"
    copenhagen = next(row for row in municipality_rows() if row.code == "0101")
    assert (copenhagen.before, copenhagen.after) == ("hovedstaden", "oestdanmark")
    assert len(municipality_rows()) == 98
