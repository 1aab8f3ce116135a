"""The happy path: a run, its release, both yes, three approvals, the stay."""

from datetime import UTC, datetime, timedelta

from matching.cast import FRIDAY, MONDAY, WEDNESDAY, Cast
from rig import Rig

from ipraktik_contracts.events import (
    AgreementApproved,
    AgreementDrafted,
    AgreementSigned,
    Event,
    InternshipCompleted,
    MatchAccepted,
    MatchNotFound,
    MatchProposed,
)
from ipraktik_matching.domain.days import end_of, silence_ends


async def test_from_run_to_completed(rig: Rig, cast: Cast) -> None:
    host = await cast.joins("host")
    intern = await cast.joins("intern")
    asked = await cast.coordinator("POST", f"editions/{cast.edition_id}/runs")
    assert asked.status_code == 202
    run_id = asked.json()["run_id"]
    async with rig.database.reading() as conn:
        assert rig.work.pending is not None
        assert await rig.work.pending(conn) == 1
    await rig.run_jobs()
    run = (await cast.coordinator("GET", f"runs/{run_id}")).json()
    assert (run["state"], run["places"], run["unplaced"], run["sentence"]) == ("solved", 1, 0, None)
    assert await rig.said(Event) == []

    released = await cast.coordinator("POST", f"runs/{run_id}/release", final=False)
    assert released.status_code == 200, released.text
    (proposal,) = await rig.said(Event)
    assert isinstance(proposal, MatchProposed)
    assert (proposal.intern_id, proposal.host_id) == (intern.participant_id, host.participant_id)
    assert (proposal.first_day, proposal.last_day) == (MONDAY, FRIDAY)
    assert proposal.answer_by == datetime(2018, 4, 23, 22, tzinfo=UTC)
    again = await cast.coordinator("POST", f"runs/{run_id}/release", final=False)
    assert again.json() == released.json()
    assert (await cast.coordinator("POST", f"runs/{run_id}/release", final=True)).status_code == 409
    assert await rig.said(Event) == []

    placement = await cast.placement(proposal.placement_id)
    await cast.both_accept(placement, intern, host)
    first, second, draft = await rig.said(Event)
    assert isinstance(first, MatchAccepted)
    assert isinstance(second, MatchAccepted)
    assert isinstance(draft, AgreementDrafted)
    assert (first.party, first.both, second.party, second.both) == ("intern", False, "host", True)
    assert (draft.version, draft.sign_by) == (1, datetime(2018, 5, 9, 22, tzinfo=UTC))

    await cast.signs(proposal.placement_id, intern, host)
    said = await rig.said(Event)
    assert [type(one) for one in said] == [AgreementApproved, AgreementApproved, AgreementSigned]
    rig.clock.instant = datetime(2018, 9, 14, 12, tzinfo=UTC)
    token = cast.token(host, proposal.placement_id)
    assert (await cast.does(token, proposal.placement_id, "stay", held=True)).json()["state"] == "completed"
    (done,) = await rig.said(Event)
    assert isinstance(done, InternshipCompleted)
    assert done.decided_by == "host"


async def test_who_has_no_place_is_told_and_whether_it_is_final(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    await cast.joins("intern")
    await cast.releases(await cast.solved_run(), final=True)
    (missed,) = await rig.said(MatchNotFound)
    assert missed.final
    assert missed.reason == "no_free_place"


async def test_silence_completes_at_noon_three_days_after_the_last_day(rig: Rig, cast: Cast) -> None:
    host = await cast.joins("host")
    intern = await cast.joins("intern")
    (placement,) = await cast.proposed()
    await cast.both_accept(placement, intern, host)
    await cast.signs(placement.placement_id, intern, host)
    await rig.said(Event)
    noon = silence_ends(placement.last_day)
    assert (placement.last_day, noon) == (WEDNESDAY, datetime(2018, 9, 15, 10, tzinfo=UTC))
    rig.clock.instant = noon - timedelta(microseconds=1)
    assert await rig.run_jobs() == 0
    rig.clock.instant = noon
    assert await rig.run_jobs() == 1
    (done,) = await rig.said(Event)
    assert isinstance(done, InternshipCompleted)
    assert done.decided_by == "silence"


async def test_a_proposal_expires_exactly_at_the_end_of_its_last_day(rig: Rig, cast: Cast) -> None:
    host = await cast.joins("host")
    intern = await cast.joins("intern")
    (placement,) = await cast.proposed()
    assert placement.answer_by == end_of(datetime(2018, 4, 23, tzinfo=UTC).date())
    token = cast.token(intern, placement.placement_id)
    await cast.does(token, placement.placement_id, "answer", accept=True)
    await rig.said(Event)
    rig.clock.instant = placement.answer_by - timedelta(microseconds=1)
    assert await rig.run_jobs() == 0
    rig.clock.instant = placement.answer_by
    late = await cast.does(
        cast.token(host, placement.placement_id), placement.placement_id, "answer", accept=True
    )
    assert late.status_code == 409, "the deadline binds before any job has come round"
    assert await rig.run_jobs() == 1
    (expired,) = await rig.said(Event)
    assert expired.silent == ("host",)  # type: ignore[attr-defined]  # it is a MatchExpired
