"""Rules behind the coordinators' pages: what happens to the rows of a list, what a change of an edition means."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from ipraktik_registration.domain.details import Details, Person
from ipraktik_registration.domain.edition_changes import meanings
from ipraktik_registration.domain.editions import Frame
from ipraktik_registration.domain.history import Actor, coordinator
from ipraktik_registration.domain.importing import Candidate, Standing, digest, judged
from ipraktik_registration.domain.life import Role
from ipraktik_registration.store.lines import query_of

NOW = datetime(2018, 5, 1, tzinfo=UTC)
FRAME = Frame(
    name="Uge 37",
    mode="campaign",
    opens_at=NOW - timedelta(days=30),
    closes_at=NOW + timedelta(days=30),
    first_day=date(2018, 9, 10),
    last_day=date(2018, 9, 14),
    answer_days=7,
    sign_days=21,
    follow_up=6,
    hold_mails=False,
)


def row(line: int, email: str, *, says: str = "a", role: Role = "intern") -> Candidate:
    person = Person("Navn", email, "da")
    return Candidate(line, role, Details({}, "", "", "", {"self": person}, ()), says.encode())


def test_a_row_of_somebody_new_is_new() -> None:
    assert [one.what for one in judged([row(2, "a@x.dk"), row(3, "b@x.dk")], standing={})] == ["new", "new"]


def test_the_same_person_may_be_intern_and_host() -> None:
    rows = [row(2, "a@x.dk"), row(3, "a@x.dk", role="host")]
    assert [one.what for one in judged(rows, standing={})] == ["new", "new"]


def test_who_is_signed_up_with_the_same_answers_is_known_and_with_others_left_out() -> None:
    standing = {("intern", "a@x.dk"): Standing("IP-1", b"a"), ("intern", "b@x.dk"): Standing("IP-2", b"b")}
    found = judged([row(2, "A@x.dk"), row(3, "b@x.dk")], standing=standing)  # type: ignore[arg-type]
    assert [(one.what, one.reference) for one in found] == [("known", "IP-1"), ("differs", "IP-2")]


def test_the_first_row_of_a_person_counts() -> None:
    found = judged([row(2, "a@x.dk"), row(3, "A@X.dk"), row(4, "a@x.dk", says="b")], standing={})
    assert [(one.what, one.first_line) for one in found] == [("new", 0), ("known", 2), ("twice", 2)]


def test_what_was_shown_is_told_apart_by_any_difference() -> None:
    rows = [row(2, "a@x.dk")]
    there = {("intern", "a@x.dk"): Standing("IP-1", b"a")}
    assert digest(judged(rows, standing={})) == digest(judged(rows, standing={}))
    assert digest(judged(rows, standing={})) != digest(judged(rows, standing=there))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "means"),
    [
        ({"name": "Andet"}, ()),
        ({"closes_at": NOW - timedelta(days=1)}, ("closes_now",)),
        ({"opens_at": NOW + timedelta(days=1)}, ("closes_now",)),
        ({"closes_at": NOW + timedelta(days=1)}, ("closes_earlier",)),
        ({"closes_at": NOW + timedelta(days=60)}, ("closes_later",)),
        ({"mode": "rolling", "closes_at": None}, ("stays_open", "mode")),
        ({"last_day": date(2018, 9, 13)}, ("days_move",)),
        ({"answer_days": 3, "sign_days": 4, "follow_up": 5}, ("answer_days", "sign_days", "follow_up")),
        ({"hold_mails": True}, ("mails_held",)),
    ],
)
def test_a_change_of_an_edition_means_what_it_says(change: dict[str, Any], means: tuple[str, ...]) -> None:
    assert meanings(FRAME, replace(FRAME, **change), now=NOW) == means


def test_turning_a_change_back_means_the_opposite() -> None:
    closed = replace(FRAME, closes_at=NOW - timedelta(days=1))
    assert meanings(closed, FRAME, now=NOW) == ("opens_now",)
    assert meanings(replace(FRAME, hold_mails=True), FRAME, now=NOW) == ("mails_go",)


def test_only_a_coordinator_acts_under_a_name() -> None:
    assert coordinator("kontoret").name == "kontoret"
    with pytest.raises(ValueError, match="under a name"):
        Actor("person", "kontoret")
    with pytest.raises(ValueError, match="under a name"):
        Actor("coordinator")


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", None),
        (" ;,:' ", None),
        ("Åse Ærø", "'åse':* & 'ærø':*"),
        ("navn@eksempel.dk", "'navn':* & 'eksempel':* & 'dk':*"),
        ("IP-7KQ4M2", "'ip':* & '7kq4m2':*"),
        ("x' | !y", "'x':* & 'y':*"),
    ],
)
def test_words_are_looked_for_by_how_they_begin(text: str, query: str | None) -> None:
    assert query_of(text) == query
