"""One companion out frees both; a sign-up that leaves ends what has not begun; erasure leaves no text behind."""

import uuid
from datetime import UTC, datetime

import pytest
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.events import (
    AgreementCancelled,
    ContactChanged,
    Event,
    MatchDeclined,
    MatchExpired,
    MatchProposed,
    MatchWithdrawn,
    ParticipantErased,
    ParticipantWithdrawn,
)
from ipraktik_matching.domain.placement import Placement


async def _companions(cast: Cast) -> tuple[Person, Person, Person, dict[uuid.UUID, Placement]]:
    host = await cast.joins("host", capacity=2)
    one, two = Person(role="intern"), Person(role="intern")
    for person, other in ((one, two), (two, one)):
        await cast.rig.tell(
            cast.contact(person, "self"),
            cast.contact(person, "manager"),
            cast.body(person, companion_id=other.participant_id),
        )
    placed = await cast.proposed()
    assert len(placed) == 2
    assert len({placement.group_id for placement in placed} - {None}) == 1
    await cast.rig.said(Event)
    return one, two, host, {placement.intern_id: placement for placement in placed}


def _withdrawn(cast: Cast, person: Person) -> ParticipantWithdrawn:
    return ParticipantWithdrawn(
        participant_id=person.participant_id, edition_id=cast.edition_id, reason="own_wish"
    )


def _erased(cast: Cast, person: Person) -> ParticipantErased:
    return ParticipantErased(participant_id=person.participant_id, edition_id=cast.edition_id)


async def test_when_one_companion_declines_both_are_free(rig: Rig, cast: Cast) -> None:
    one, two, _, placed = await _companions(cast)
    placement = placed[one.participant_id]
    token = cast.token(one, placement.placement_id)
    await cast.does(token, placement.placement_id, "answer", accept=False, reason="dates")
    declined, freed = await rig.said(Event)
    assert isinstance(declined, MatchDeclined)
    assert isinstance(freed, MatchWithdrawn)
    assert (freed.intern_id, freed.reason) == (two.participant_id, "companion_out")


async def test_the_companion_of_who_declined_may_be_proposed_to_the_same_host_again(
    rig: Rig, cast: Cast
) -> None:
    one, two, host, placed = await _companions(cast)
    placement = placed[one.participant_id]
    await cast.does(cast.token(one, placement.placement_id), placement.placement_id, "answer", accept=False)
    await rig.tell(_withdrawn(cast, one))
    assert [(again.intern_id, again.host_id) for again in await cast.proposed()] == [
        (two.participant_id, host.participant_id)
    ]


async def test_when_one_companion_withdraws_a_signed_agreement_of_the_other_is_cancelled(
    rig: Rig, cast: Cast
) -> None:
    one, two, host, placed = await _companions(cast)
    theirs = placed[two.participant_id]
    await cast.both_accept(theirs, two, host)
    await cast.signs(theirs.placement_id, two, host)
    await rig.said(Event)
    await rig.tell(_withdrawn(cast, one))
    said = {one.intern_id: one for one in await rig.said(MatchWithdrawn)}
    assert said[one.participant_id].reason == "intern_withdrew"
    assert (await cast.placement(theirs.placement_id)).ended_reason == "companion_out"


async def test_companions_who_are_both_silent_expire_both(rig: Rig, cast: Cast) -> None:
    _, _, _, placed = await _companions(cast)
    rig.clock.instant = next(iter(placed.values())).answer_by
    await rig.run_jobs()
    assert [type(one) for one in await rig.said(Event)] == [MatchExpired, MatchExpired]


async def test_a_host_that_leaves_ends_all_its_placements_in_its_own_name(rig: Rig, cast: Cast) -> None:
    one, _, host, placed = await _companions(cast)
    await cast.both_accept(placed[one.participant_id], one, host)
    await rig.said(Event)
    await rig.tell(_withdrawn(cast, host))
    said = await rig.said(Event)
    assert {(type(one), one.reason) for one in said} == {  # type: ignore[attr-defined]  # both kinds have one
        (AgreementCancelled, "host_withdrew"),
        (MatchWithdrawn, "host_withdrew"),
    }


async def test_once_the_stay_has_begun_leaving_ends_nothing(rig: Rig, cast: Cast) -> None:
    host = await cast.joins("host")
    intern = await cast.joins("intern")
    (placement,) = await cast.proposed()
    await cast.both_accept(placement, intern, host)
    await cast.signs(placement.placement_id, intern, host)
    await rig.said(Event)
    rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
    await rig.tell(_withdrawn(cast, intern), _erased(cast, intern))
    assert await rig.said(Event) == []
    assert (await cast.placement(placement.placement_id)).state == "signed"


async def test_a_sign_up_that_left_before_it_was_known_never_takes_part(rig: Rig, cast: Cast) -> None:
    await cast.joins("host")
    for leaves in (_withdrawn, _erased):
        gone = Person(role="intern")
        await rig.tell(leaves(cast, gone))
        await rig.tell(cast.body(gone))
    assert await cast.proposed() == []


async def test_an_erased_sign_up_leaves_no_text_and_the_fingerprint_stays(rig: Rig, cast: Cast) -> None:
    host = await cast.joins("host")
    intern = await cast.joins("intern")
    (placement,) = await cast.proposed()
    await cast.both_accept(placement, intern, host)
    token = cast.token(intern, placement.placement_id, relation="manager")
    refused = await cast.does(
        token,
        placement.placement_id,
        "agreement/refusal",
        version=1,
        reason="terms",
        comment="Skriv Hemmelig om",
    )
    assert refused.status_code == 200
    drafted = (await cast.placement(placement.placement_id)).draft
    assert drafted is not None
    await rig.tell(_erased(cast, intern))
    await rig.erase(ContactChanged, intern.self_id, intern.second_id)
    await rig.tell(cast.contact(intern, "self", epoch=2), cast.body(intern))
    after = (await cast.placement(placement.placement_id)).draft
    assert after is not None
    assert after.fingerprint == drafted.fingerprint
    assert (after.terms.programme, after.terms.goals_intern) == ("", "")
    async with rig.database.reading() as conn:
        for table in ("contacts", "participants", "agreement_versions", "history", "placements"):
            rows = await conn.fetch(f"select row_to_json(t)::text as row from {table} t")
            text = "\n".join(row["row"] for row in rows)
            for word in ("Hemmelig", "Navn self intern", "Jeg vil se", "Navn manager intern"):
                assert word not in text, table
        body = await conn.fetchrow(
            "select state, body from participants where participant_id = $1", intern.participant_id
        )
    assert tuple(body) == ("erased", None)
    assert (await cast.does(token, placement.placement_id, "stay", held=True)).status_code == 410


@pytest.mark.parametrize("again", ["registered", "contact"])
async def test_a_contact_of_an_erased_sign_up_keeps_no_text(rig: Rig, cast: Cast, again: str) -> None:
    gone = Person(role="intern")
    await rig.tell(_erased(cast, gone))
    await rig.tell(cast.body(gone) if again == "registered" else cast.contact(gone, "self"))
    async with rig.database.reading() as conn:
        assert await conn.fetchval("select coalesce(sum(length(name || motivation)), 0) from contacts") == 0
        assert await conn.fetchval("select count(*) from participants where body is not null") == 0


async def test_a_freed_seat_is_given_in_the_next_run(rig: Rig, cast: Cast) -> None:
    host = await cast.joins("host")
    first = await cast.joins("intern", lot="0" * 64)
    second = await cast.joins("intern", lot="1" * 64)
    (placement,) = await cast.proposed()
    assert placement.intern_id == first.participant_id
    await cast.does(cast.token(host, placement.placement_id), placement.placement_id, "answer", accept=False)
    again = await cast.proposed()
    assert [one.intern_id for one in again] == [second.participant_id]
    assert len(await rig.said(MatchProposed)) == 2
