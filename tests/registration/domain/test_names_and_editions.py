"""References, folded names and the frames of editions, without I/O."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_registration.domain.editions import BadFrame, Frame, StayTooSoon, days_of_week, time_to_place
from ipraktik_registration.domain.names import email_key, folded, reference

OPENS = datetime(2018, 3, 1, tzinfo=UTC)
CLOSES = datetime(2018, 6, 8, 22, tzinfo=UTC)


def frame(**changes: object) -> Frame:
    parts: dict[str, object] = {
        "name": "Uge 37",
        "mode": "campaign",
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "first_day": date(2018, 9, 10),
        "last_day": date(2018, 9, 14),
        "answer_days": 7,
        "sign_days": 21,
        "follow_up": 6,
        "hold_mails": False,
    }
    return Frame(**(parts | changes))  # type: ignore[arg-type]  # parts are put together by name


@given(st.binary(min_size=6, max_size=6))
def test_a_reference_is_short_and_has_no_letter_that_looks_like_a_digit(chance: bytes) -> None:
    text = reference(chance)
    assert len(text) == 9
    assert not set("ILOU") & set(text.removeprefix("IP-"))


def test_names_and_addresses_compare_without_case_and_spaces() -> None:
    assert folded("  Aarhus   KOMMUNE ") == folded("aarhus kommune")
    assert email_key(" Kari@Example.ORG ") == "kari@example.org"


def test_week_37_of_2018_is_the_tenth_to_the_fourteenth_of_september() -> None:
    assert days_of_week(2018, 37) == (date(2018, 9, 10), date(2018, 9, 14))
    with pytest.raises(BadFrame):
        days_of_week(2018, 53)


def test_the_window_takes_its_first_instant_and_not_its_last() -> None:
    assert frame().takes_sign_ups(OPENS)
    assert not frame().takes_sign_ups(CLOSES)
    assert frame(mode="rolling", closes_at=None).takes_sign_ups(CLOSES)


def test_a_campaign_closes_before_the_first_danish_day_of_its_stays() -> None:
    eve = datetime(2018, 9, 9, 22, tzinfo=UTC)  # midnight in Denmark
    time_to_place(frame(closes_at=eve))
    late = frame(closes_at=eve.replace(minute=1))
    with pytest.raises(StayTooSoon):
        time_to_place(late)
    time_to_place(frame(mode="rolling", closes_at=late.closes_at))


def test_what_broke_that_rule_before_may_stand_and_anything_else_of_it_may_change() -> None:
    late = CLOSES.replace(month=10)
    standing = frame(closes_at=late)
    time_to_place(frame(closes_at=late, name="Uge 37, 2018", hold_mails=True), standing=standing)
    for change in ({"closes_at": late.replace(day=7)}, {"first_day": date(2018, 9, 11)}):
        with pytest.raises(StayTooSoon):
            time_to_place(frame(**({"closes_at": late} | change)), standing=standing)
    rolling = frame(mode="rolling", closes_at=late)
    with pytest.raises(StayTooSoon):
        time_to_place(standing, standing=rolling)


@pytest.mark.parametrize(
    "changes", [{"closes_at": OPENS}, {"closes_at": None}, {"last_day": date(2018, 9, 9)}]
)
def test_a_frame_that_contradicts_itself_does_not_come_to_be(changes: dict[str, object]) -> None:
    with pytest.raises(BadFrame):
        frame(**changes)
