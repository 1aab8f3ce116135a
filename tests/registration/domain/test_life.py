"""The life of a sign-up, without I/O: every act in every state."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipraktik_registration.domain import life
from ipraktik_registration.domain.life import KEPT_AFTER_END, SILENCE, Standing, Step
from ipraktik_registration.domain.refusals import Reason, Refused

NOW = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def confirm(standing: Standing) -> Step | None:
    return life.confirm(standing, now=NOW, signed_up_already=False)


def agree(standing: Standing) -> Step | None:
    return life.answer_consent(standing, agree=True, now=NOW)


def disagree(standing: Standing) -> Step | None:
    return life.answer_consent(standing, agree=False, now=NOW)


def withdraw(standing: Standing) -> Step | None:
    return life.withdraw(standing, now=NOW)


ACTS = {"confirm": confirm, "agree": agree, "disagree": disagree, "withdraw": withdraw}


@pytest.mark.parametrize(
    ("act", "standing", "expected"),
    [
        ("confirm", Standing("intern", "unconfirmed", LATER), Step("awaiting_consent", NOW + SILENCE)),
        ("confirm", Standing("host", "unconfirmed", LATER), Step("registered")),
        ("agree", Standing("intern", "awaiting_consent", LATER), Step("registered")),
        (
            "disagree",
            Standing("intern", "awaiting_consent", LATER),
            Step("refused", forget_at=NOW + KEPT_AFTER_END),
        ),
        ("withdraw", Standing("host", "registered"), Step("withdrawn")),
        (
            "withdraw",
            Standing("intern", "awaiting_consent", LATER),
            Step("withdrawn", forget_at=NOW + KEPT_AFTER_END),
        ),
    ],
)
def test_an_act_leads_on(act: str, standing: Standing, expected: Step) -> None:
    assert ACTS[act](standing) == expected


@pytest.mark.parametrize(
    ("act", "standing"),
    [
        ("confirm", Standing("intern", "awaiting_consent", LATER)),
        ("confirm", Standing("host", "registered")),
        ("confirm", Standing("host", "expired", duplicate=True)),
        ("confirm", Standing("host", "withdrawn")),
        ("agree", Standing("intern", "registered", consent=True)),
        ("agree", Standing("intern", "withdrawn", consent=True)),
        ("disagree", Standing("intern", "refused", consent=False)),
        ("withdraw", Standing("host", "withdrawn")),
    ],
)
def test_a_repeated_act_changes_nothing(act: str, standing: Standing) -> None:
    assert ACTS[act](standing) is None


@pytest.mark.parametrize(
    ("act", "standing", "reason"),
    [
        ("confirm", Standing("host", "expired"), "expired"),
        ("confirm", Standing("host", "unconfirmed", NOW), "expired"),
        ("confirm", Standing("host", "erased"), "erased"),
        ("agree", Standing("intern", "refused", consent=False), "already_answered"),
        ("disagree", Standing("intern", "registered", consent=True), "already_answered"),
        ("agree", Standing("intern", "awaiting_consent", NOW), "expired"),
        ("agree", Standing("intern", "unconfirmed", LATER), "nobody_asked"),
        ("agree", Standing("intern", "withdrawn"), "ended"),
        ("agree", Standing("intern", "erased", consent=True), "erased"),
        ("withdraw", Standing("host", "expired"), "ended"),
        ("withdraw", Standing("intern", "refused", consent=False), "ended"),
        ("withdraw", Standing("host", "erased"), "erased"),
    ],
)
def test_an_act_that_contradicts_is_refused(act: str, standing: Standing, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        ACTS[act](standing)
    assert refused.value.reason == reason


def test_who_is_signed_up_already_ends_with_the_second_sign_up() -> None:
    step = life.confirm(Standing("host", "unconfirmed", LATER), now=NOW, signed_up_already=True)
    assert step == Step("expired", forget_at=NOW + KEPT_AFTER_END)


def test_silence_ends_what_waits_and_nothing_else() -> None:
    assert life.expire(Standing("host", "unconfirmed", NOW), now=NOW) is not None
    assert life.expire(Standing("intern", "awaiting_consent", LATER), now=NOW) is None
    assert life.expire(Standing("host", "registered", None), now=NOW) is None


@given(
    st.lists(st.sampled_from([*ACTS, "erase", "silence"]), max_size=8), st.sampled_from(["intern", "host"])
)
def test_no_order_of_acts_brings_an_ended_sign_up_back(acts: list[str], role: life.Role) -> None:
    standing = Standing(role, "unconfirmed", LATER)
    ended = False
    for act in acts:
        before = standing
        if act == "erase":
            standing = Standing(role, "erased", consent=standing.consent)
        elif act == "silence":
            step = life.expire(standing, now=LATER)
            standing = standing if step is None else Standing(role, step.state, consent=standing.consent)
        else:
            try:
                step = ACTS[act](standing)
            except Refused:
                continue
            if step is not None:
                consent = {"agree": True, "disagree": False}.get(act, standing.consent)
                standing = Standing(role, step.state, step.respond_by, consent)
        if ended and act != "erase":
            assert standing.state == before.state
        ended = standing.state in ("withdrawn", "erased", "expired", "refused")
        if standing.state == "registered" and role == "intern":
            assert standing.consent is True
        assert (standing.respond_by is not None) is (standing.state in ("unconfirmed", "awaiting_consent"))
