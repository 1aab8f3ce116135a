"""Versions, approvals and refusals over JSON: an approval is of one text, the third one signs."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.events import (
    AgreementAmended,
    AgreementApproved,
    AgreementCancelled,
    AgreementDrafted,
    AgreementLapsed,
    AgreementRefused,
    AgreementSigned,
    Event,
    InternshipCompleted,
    InternshipNotHeld,
)
from ipraktik_matching.domain.placement import Placement

ALL = (("intern", "self"), ("intern", "manager"), ("host", "self"))


class Agreement:
    """A placement whose first version is up."""

    def __init__(self, cast: Cast, placement: Placement, intern: Person, host: Person) -> None:
        self.cast = cast
        self.id = placement.placement_id
        self.people = {"intern": intern, "host": host}

    def token(self, role: str, relation: str = "self") -> str:
        return self.cast.token(self.people[role], self.id, relation=relation)

    async def now(self) -> Placement:
        return await self.cast.placement(self.id)

    async def read(self) -> dict[str, Any]:
        answer = await self.cast.web.get(
            f"/matching/api/v1/placements/{self.id}/agreement",
            headers={"authorization": f"Bearer {self.token('intern')}"},
        )
        found: dict[str, Any] = answer.json()
        return found

    async def change(self, *, based_on: int, **different: Any) -> Any:
        terms = {**(await self.read())["terms"], **different}
        for name in ("placement_id", "version"):
            terms.pop(name)
        return await self.cast.does(
            self.token("host"), self.id, "agreement/versions", based_on=based_on, **terms
        )

    async def approve(self, role: str, relation: str, **answered: Any) -> Any:
        return await self.cast.does(self.token(role, relation), self.id, "agreement/approval", **answered)

    async def sign(self) -> None:
        await self.cast.signs(self.id, self.people["intern"], self.people["host"])
        await self.cast.rig.said(Event)


@pytest.fixture
async def agreement(rig: Rig, cast: Cast) -> Agreement:
    host = await cast.joins("host")
    intern = await cast.joins("intern")
    (placement,) = await cast.proposed()
    await cast.both_accept(placement, intern, host)
    await rig.said(Event)
    return Agreement(cast, placement, intern, host)


async def test_concurrent_third_approvals_sign_once(rig: Rig, agreement: Agreement) -> None:
    version = await agreement.read()
    answered = {"version": 1, "fingerprint": version["fingerprint"]}
    answers = await asyncio.gather(*(agreement.approve(*who, **answered) for who in ALL * 2))
    assert {answer.status_code for answer in answers} == {200}
    said = await rig.said(Event)
    assert [type(one) for one in said] == [AgreementApproved, AgreementApproved, AgreementSigned]


async def test_a_stale_approval_is_refused_and_told_of_the_newer_version(
    rig: Rig, agreement: Agreement
) -> None:
    old = await agreement.read()
    await agreement.approve("intern", "self", version=1, fingerprint=old["fingerprint"])
    assert (await agreement.change(based_on=1, programme="Følg bus 5A.")).status_code == 200
    stale = await agreement.approve("host", "self", version=1, fingerprint=old["fingerprint"])
    assert stale.status_code == 409
    assert "newer version" in stale.json()["title"]
    approved, drafted = await rig.said(Event)
    assert isinstance(approved, AgreementApproved)
    assert isinstance(drafted, AgreementDrafted)
    assert (await agreement.read())["approved"] == []
    mixed = await agreement.approve("host", "self", version=2, fingerprint=old["fingerprint"])
    assert mixed.status_code == 409


async def test_of_two_changes_of_the_same_version_one_wins_and_repeating_it_is_no_change(
    rig: Rig, agreement: Agreement
) -> None:
    first = await agreement.change(based_on=1, programme="Følg bus 5A.")
    again = await agreement.change(based_on=1, programme="Følg bus 5A.")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert (await agreement.change(based_on=1, programme="Noget andet")).status_code == 409
    assert len(await rig.said(AgreementDrafted)) == 1
    same = await agreement.change(based_on=2)
    assert same.status_code == 409
    assert same.json()["title"] == "Nothing was changed"


async def test_a_refused_version_can_only_be_replaced(rig: Rig, agreement: Agreement) -> None:
    version = await agreement.read()
    manager = agreement.token("intern", "manager")
    for _ in range(2):
        answer = await agreement.cast.does(
            manager, agreement.id, "agreement/refusal", version=1, reason="cover", comment="Ikke i uge 37"
        )
        assert answer.status_code == 200
    assert len(await rig.said(AgreementRefused)) == 1
    late = await agreement.approve("host", "self", version=1, fingerprint=version["fingerprint"])
    assert late.status_code == 409
    assert (await agreement.change(based_on=1)).status_code == 200
    await agreement.sign()
    assert (await agreement.now()).state == "signed"


async def test_the_signed_version_stands_while_an_amendment_waits_and_lapses_when_the_stay_begins(
    rig: Rig, agreement: Agreement
) -> None:
    await agreement.sign()
    assert (await agreement.change(based_on=1, programme="Ny plan", hr_asked=True)).status_code == 200
    (amended,) = await rig.said(Event)
    assert isinstance(amended, AgreementAmended)
    assert (amended.version, amended.standing_version) == (2, 1)
    assert amended.changed == ("programme", "hr_asked")
    now = await agreement.now()
    assert now.standing is not None
    assert (now.state, now.standing.number) == ("signed", 1)
    rig.clock.instant = datetime(2018, 9, 9, 22, tzinfo=UTC) - timedelta(microseconds=1)
    assert await rig.run_jobs() == 0
    rig.clock.advance(timedelta(microseconds=1))
    assert (await agreement.change(based_on=2, programme="For sent")).status_code == 409
    assert await rig.run_jobs() == 1
    (lapsed,) = await rig.said(Event)
    assert isinstance(lapsed, AgreementLapsed)
    assert (lapsed.version, lapsed.standing_version) == (2, 1)
    assert (await agreement.now()).state == "signed"


async def test_an_amendment_approved_by_all_is_signed_anew(rig: Rig, agreement: Agreement) -> None:
    await agreement.sign()
    await agreement.change(based_on=1, first_day="2018-09-11")
    await agreement.cast.signs(agreement.id, agreement.people["intern"], agreement.people["host"])
    signed = (await rig.said(Event))[-1]
    assert isinstance(signed, AgreementSigned)
    assert (signed.version, str(signed.first_day)) == (2, "2018-09-11")


async def test_an_unsigned_agreement_lapses_and_the_placement_ends(rig: Rig, agreement: Agreement) -> None:
    rig.clock.instant = datetime(2018, 5, 9, 22, tzinfo=UTC)
    assert await rig.run_jobs() == 1
    (lapsed,) = await rig.said(Event)
    assert isinstance(lapsed, AgreementLapsed)
    assert (lapsed.standing_version, lapsed.missing) == (None, ("intern", "manager", "host"))
    assert (await agreement.now()).state == "lapsed"


async def test_cancelling_again_is_the_same_and_otherwise_it_has_ended(
    rig: Rig, agreement: Agreement
) -> None:
    token = agreement.token("host")
    for _ in range(2):
        answer = await agreement.cast.does(token, agreement.id, "cancellation", reason="dates")
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    other = await agreement.cast.does(token, agreement.id, "cancellation", reason="workplace")
    assert other.status_code == 409
    (cancelled,) = await rig.said(Event)
    assert isinstance(cancelled, AgreementCancelled)


@pytest.mark.parametrize(
    "days",
    [("2018-09-12", "2018-09-20"), ("2018-09-03", "2018-09-04"), ("2018-09-14", "2018-09-10")],
)
async def test_days_outside_the_edition_are_refused(agreement: Agreement, days: tuple[str, str]) -> None:
    answer = await agreement.change(based_on=1, first_day=days[0], last_day=days[1])
    assert answer.status_code in (409, 422)


async def test_words_that_contradict_each_other_wait_for_a_coordinator(
    rig: Rig, agreement: Agreement
) -> None:
    await agreement.sign()
    cast = agreement.cast
    early = await cast.does(agreement.token("host"), agreement.id, "stay", held=True)
    assert early.status_code == 409
    rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
    said = await cast.does(agreement.token("intern"), agreement.id, "stay", held=True)
    assert (said.status_code, said.json()["disputed"]) == (200, False)
    against = await cast.does(agreement.token("host"), agreement.id, "stay", held=False)
    assert (against.status_code, against.json()["disputed"]) == (200, True)
    rig.clock.instant = datetime(2018, 10, 10, 8, tzinfo=UTC)
    assert await rig.run_jobs() == 0
    assert await rig.said(Event) == []
    path = f"placements/{agreement.id}/decision"
    for _ in range(2):
        assert (await cast.coordinator("POST", path, held=True)).json()["state"] == "completed"
    assert (await cast.coordinator("POST", path, held=False)).status_code == 409
    (done,) = await rig.said(Event)
    assert isinstance(done, InternshipCompleted)
    assert done.decided_by == "coordinator"


async def test_not_held_before_the_last_day_ends_it(rig: Rig, agreement: Agreement) -> None:
    await agreement.sign()
    rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
    token = agreement.token("intern", "manager")
    for _ in range(2):
        answer = await agreement.cast.does(token, agreement.id, "stay", held=False, reason="intern_prevented")
        assert (answer.status_code, answer.json()["state"]) == (200, "not_held")
    other = await agreement.cast.does(agreement.token("host"), agreement.id, "stay", held=True)
    assert other.status_code == 409
    (ended,) = await rig.said(Event)
    assert isinstance(ended, InternshipNotHeld)
    assert (ended.by, ended.reason) == ("manager", "intern_prevented")


async def test_every_act_is_in_the_history_with_who_did_it(rig: Rig, agreement: Agreement) -> None:
    await agreement.sign()
    async with rig.database.reading() as conn:
        rows = await conn.fetch("select act, actor_kind, actor from history order by id")
    assert [(row["act"], row["actor_kind"]) for row in rows] == [
        ("MatchProposed", "coordinator"),
        ("MatchAccepted", "contact"),
        ("MatchAccepted", "contact"),
        ("AgreementDrafted", "contact"),
        ("AgreementApproved", "contact"),
        ("AgreementApproved", "contact"),
        ("AgreementSigned", "contact"),
    ]
    assert rows[-1]["actor"] == str(agreement.people["host"].self_id)
