"""Who reads the note and until when; what a fingerprint is worth in every state a placement can be in."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ipraktik_matching.domain.days import day_of
from ipraktik_matching.domain.first_draft import first_draft
from ipraktik_matching.domain.needs import Reader, check_written, deleted_at, may_read, may_write
from ipraktik_matching.domain.placement import PARTIES, Placement, Version
from ipraktik_matching.domain.refusals import Refused
from ipraktik_matching.domain.verifying import standing_of

HOST, RESERVE, OTHER = (uuid.UUID(int=number) for number in (1, 2, 3))
NOW = datetime(2018, 5, 1, 8, tzinfo=UTC)
LAST = date(2018, 9, 12)
INTERN = Reader(OTHER, "intern", "self")
CONTACT = Reader(HOST, "host", "self")


def version(number: int, *, signed: bool, contact: uuid.UUID | None = HOST) -> Version:
    terms = first_draft(
        placement_id=uuid.UUID(int=9),
        first_day=date(2018, 9, 10),
        last_day=LAST,
        host_contact_id=contact,
        host_reserve_id=RESERVE if contact else None,
        language="da",
    )
    terms = replace(terms, version=number)
    return Version(
        terms=terms,
        fingerprint=terms.fingerprint(),
        sign_by=NOW + timedelta(days=30),
        approved=frozenset(PARTIES) if signed else frozenset(),
    )


def a_placement(state: str, *, draft: int | None = None, standing: int | None = None) -> Placement:
    return Placement(
        placement_id=uuid.UUID(int=9),
        edition_id=uuid.UUID(int=9),
        intern_id=uuid.UUID(int=9),
        host_id=uuid.UUID(int=9),
        group_id=None,
        run_id=None,
        origin="matched",
        reasons=(),
        first_day=date(2018, 9, 10),
        last_day=LAST,
        answer_by=NOW,
        state=state,  # type: ignore[arg-type]  # the cases name states
        draft=version(draft, signed=False) if draft else None,
        standing=version(standing, signed=True) if standing else None,
    )


@pytest.mark.parametrize(
    ("reader", "before", "after"),
    [
        (INTERN, True, True),
        (CONTACT, False, True),
        (Reader(RESERVE, "host", "reserve"), False, True),
        (Reader(OTHER, "host", "reserve"), False, False),
        (Reader(HOST, "manager", "manager"), False, False),
        (Reader(OTHER, "intern", "manager"), False, False),
    ],
)
def test_the_note_is_for_the_intern_and_whom_the_signed_version_names(
    reader: Reader, before: bool, after: bool
) -> None:
    assert may_read(a_placement("drafted", draft=1), reader) == before
    assert may_read(a_placement("signed", standing=1), reader) == after
    assert may_write(reader) == (reader is INTERN)


def test_an_agreement_that_names_nobody_leaves_the_hosts_own_contact() -> None:
    unnamed = replace(a_placement("signed", standing=1), standing=version(1, signed=True, contact=None))
    assert may_read(unnamed, CONTACT)
    assert not may_read(unnamed, Reader(RESERVE, "host", "reserve"))


@pytest.mark.parametrize("state", ["cancelled", "lapsed", "not_held"])
def test_no_note_is_kept_where_there_is_no_stay(state: str) -> None:
    ended = a_placement(state, standing=1)
    assert deleted_at(ended) is None
    assert not may_read(ended, CONTACT)
    with pytest.raises(Refused):
        check_written(ended, NOW)


def test_a_note_is_kept_for_thirty_whole_days_after_the_last_day() -> None:
    until = deleted_at(a_placement("completed", standing=1))
    assert until is not None
    assert day_of(until) - timedelta(days=1) == LAST + timedelta(days=30)


@pytest.mark.parametrize(
    ("state", "draft", "standing", "number", "signed", "expected"),
    [
        ("drafted", 1, None, 1, False, "waiting"),
        ("drafted", 3, None, 1, False, "replaced"),
        ("signed", None, 1, 1, True, "valid"),
        ("signed", 2, 1, 1, True, "valid"),
        ("signed", 2, 1, 2, False, "waiting"),
        ("signed", None, 2, 1, True, "replaced"),
        ("signed", None, 3, 2, False, "replaced"),
        ("signed", None, 1, 2, False, "not_approved"),
        ("completed", None, 1, 1, True, "valid"),
        ("not_held", None, 1, 1, True, "not_held"),
        ("cancelled", None, 1, 1, True, "called_off"),
        ("cancelled", 1, None, 1, False, "called_off"),
        ("cancelled", 2, 1, 2, False, "called_off"),
        ("lapsed", 1, None, 1, False, "not_approved"),
    ],
)
def test_a_fingerprint_is_worth_what_its_version_is(
    state: str, draft: int | None, standing: int | None, number: int, signed: bool, expected: str
) -> None:
    placement = a_placement(state, draft=draft, standing=standing)
    assert standing_of(placement, number=number, signed=signed) == expected
