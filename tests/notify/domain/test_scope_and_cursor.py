"""What a token opens, and where a reader stands."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_contracts.events import AgreementSigned, ContactChanged, MatchProposed, ParticipantRegistered
from ipraktik_contracts.topics import CONTACTS, PARTICIPANTS, PLACEMENTS
from ipraktik_notify.domain.cursor import START, Cursor
from ipraktik_notify.domain.scope import TYPES, Scope

SIGNED, PROPOSED, REGISTERED = (
    cls.ce_type() for cls in (AgreementSigned, MatchProposed, ParticipantRegistered)
)


def test_nothing_named_is_everything_public_and_nothing_internal() -> None:
    assert Scope().everything
    assert Scope().opened() == TYPES
    assert ContactChanged.ce_type() not in TYPES


@pytest.mark.parametrize(
    "scope", [{"topics": (CONTACTS.name,)}, {"types": (ContactChanged.ce_type(),)}, {"types": ("x",)}]
)
def test_what_is_not_public_cannot_be_named(scope: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="no public"):
        Scope(**scope)


def test_topics_and_types_add_up() -> None:
    scope = Scope(topics=(PLACEMENTS.name,), types=(REGISTERED,))
    assert {SIGNED, PROPOSED, REGISTERED} <= {*scope.opened()}
    assert not any("Evaluation" in type for type in scope.opened())


def test_a_scope_covers_what_it_opens_now_and_later() -> None:
    placements = Scope(topics=(PLACEMENTS.name,))
    assert Scope().covers(placements)
    assert not placements.covers(Scope())
    assert placements.covers(Scope(types=(SIGNED,)))
    assert not placements.covers(Scope(types=(SIGNED, REGISTERED)))
    assert not placements.covers(Scope(topics=(PLACEMENTS.name, PARTICIPANTS.name)))
    # all types of today are not the topic: what comes to it tomorrow is not among them
    assert not Scope(types=placements.opened()).covers(placements)


def test_a_reader_may_narrow_but_not_widen() -> None:
    scope = Scope(types=(SIGNED, PROPOSED))
    assert scope.narrowed([]) == scope
    assert scope.narrowed([SIGNED, SIGNED]) == Scope(types=(SIGNED,))
    with pytest.raises(ValueError, match=REGISTERED):
        scope.narrowed([SIGNED, REGISTERED])


@given(st.integers(1, 10**18 - 1), st.uuids())
def test_a_cursor_comes_back_as_it_was_given(position: int, event_id: uuid.UUID) -> None:
    cursor = Cursor.at(position, event_id)
    assert Cursor.parse(str(cursor)) == cursor
    assert str(START) == "0"
    assert Cursor.parse("0") == START


@pytest.mark.parametrize(
    "text",
    ["", "1", "00", "-1", "0.12345678", "1.1234567", "1.123456789", "1.1234567G", "1.1234567A", "01.12345678",
     "1.12345678\n", " 1.12345678", "1000000000000000000.12345678", "١.12345678"],
)  # fmt: skip
def test_a_text_that_is_no_cursor_is_refused_with_the_mend(text: str) -> None:
    with pytest.raises(ValueError, match="last answer gave"):
        Cursor.parse(text)
