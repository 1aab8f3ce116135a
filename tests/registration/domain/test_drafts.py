"""Drafts: keys, how long they are kept, how often a link back is mailed; and the order of the pages."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from ipraktik_registration.domain.drafts import KEPT, MOST_SAVES, SAVE_PAUSE, Draft, draft_key, key_hash

NOW = datetime(2018, 4, 9, 8, tzinfo=UTC)


def draft(**changes: Any) -> Draft:
    """A draft that was just begun."""
    given: dict[str, Any] = {
        "participant_id": uuid4(),
        "contact_id": uuid4(),
        "part": "intern",
        "edition_id": uuid4(),
        "host_id": None,
        "answers": {},
        "touched_at": NOW,
    }
    return Draft(**given | changes)


def test_a_key_is_22_characters_of_16_random_bytes() -> None:
    assert draft_key(bytes(16)) == "A" * 22
    assert draft_key(b"\xff" * 20) == "_" * 21 + "w"
    assert len(key_hash("A" * 22)) == 32
    with pytest.raises(ValueError, match="16 random bytes"):
        draft_key(bytes(15))


def test_a_draft_is_kept_fourteen_days_after_it_was_touched() -> None:
    assert draft().kept_until == NOW + KEPT == NOW + timedelta(days=14)


def test_both_roles_are_two_sign_ups() -> None:
    assert draft(part="both").roles == ("intern", "host")
    assert draft(part="host").roles == ("host",)


@pytest.mark.parametrize(
    ("changes", "passed", "mailed"),
    [
        ({}, timedelta(0), True),
        ({"saved_to": "a@example.org", "saved_at": NOW, "saves": 1}, timedelta(0), False),
        ({"saved_to": "a@example.org", "saved_at": NOW, "saves": 1}, SAVE_PAUSE, True),
        ({"saved_to": "b@example.org", "saved_at": NOW, "saves": 1}, timedelta(0), True),
        ({"saved_to": "b@example.org", "saved_at": NOW, "saves": MOST_SAVES}, SAVE_PAUSE, False),
    ],
)
def test_the_same_address_is_not_mailed_within_the_pause_and_none_without_end(
    changes: dict[str, Any], passed: timedelta, mailed: bool
) -> None:
    assert draft(**changes).may_be_mailed(email="a@example.org", now=NOW + passed) is mailed
