"""Who names whom, without I/O."""

from uuid import UUID

import pytest

from ipraktik_registration.domain.acquaintance import Kind, Naming, ties, wanted_role
from ipraktik_registration.domain.life import Role

A, B = UUID(int=1), UUID(int=2)


def test_who_names_a_valid_sign_up_is_tied_and_the_other_is_asked() -> None:
    naming = Naming(A, "companion", found_id=B)
    follows = ties([naming], said=(), window_open=True)
    assert (follows.tied, follows.asked, follows.invited) == ((naming,), (naming,), ())


def test_two_who_name_each_other_are_tied_and_nobody_is_asked() -> None:
    follows = ties(
        [Naming(A, "self_found", found_id=B), Naming(B, "self_found", found_id=A)], said=(), window_open=True
    )
    assert follows.changed == {A, B}
    assert follows.asked == ()


def test_who_has_said_the_same_before_is_not_asked() -> None:
    follows = ties([Naming(A, "companion", found_id=B)], said={(B, "companion", A)}, window_open=True)
    assert follows.asked == ()


@pytest.mark.parametrize("kind", ["companion", "self_found"])
def test_nobody_is_asked_twice(kind: Kind) -> None:
    follows = ties([Naming(A, kind, found_id=B, other_id=B, asked_id=B)], said=(), window_open=True)
    assert (follows.tied, follows.asked) == ((), ())


def test_a_host_in_mind_is_tied_without_being_asked() -> None:
    follows = ties([Naming(A, "host_in_mind", found_id=B)], said=(), window_open=True)
    assert (len(follows.tied), follows.asked) == (1, ())


def test_who_is_not_signed_up_is_invited_once_and_only_while_they_can_sign_up() -> None:
    naming = Naming(A, "companion", found_id=None)
    assert ties([naming], said=(), window_open=True).invited == (naming,)
    assert ties([naming], said=(), window_open=False).invited == ()
    assert ties([Naming(A, "companion", None, invited=True)], said=(), window_open=True).invited == ()


@pytest.mark.parametrize(
    ("kind", "of", "wanted"),
    [
        ("companion", "intern", "intern"),
        ("companion", "host", None),
        ("self_found", "intern", "host"),
        ("self_found", "host", "intern"),
        ("host_in_mind", "intern", "host"),
        ("host_in_mind", "host", None),
    ],
)
def test_who_is_meant_follows_from_kind_and_role(kind: Kind, of: Role, wanted: Role | None) -> None:
    assert wanted_role(kind, of) == wanted
