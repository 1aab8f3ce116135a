"""Answering a proposal and saying how the stay went, through pages: what is asked, what is kept, and what each outcome says."""

from datetime import UTC, datetime, timedelta

import pytest
from matching.cast import Cast
from matching.visiting import PARTIES, Case, a_case, words_of
from rig import Rig

from ipraktik_contracts.events import InternshipCompleted, InternshipNotHeld, MatchAccepted, MatchDeclined


@pytest.fixture
async def case(cast: Cast) -> Case:
    return await a_case(cast)


async def test_a_proposal_says_who_where_when_why_and_until_when(case: Case) -> None:
    page = await case.reads("intern", "answer")
    for said in (
        "Vil du have denne praktik?",
        "Svar senest 23. april 2018",
        "10.–12. september 2018",
        "Hos os kan du følge en bus.",
        "Værten arbejder med et fag, du ønsker.",
        "din leder skal også godkende den",
        "Et ja er ikke en aftale.",
        "Den anden part får grunden at vide, hvis det er dagene",
    ):
        assert said in page
    assert "Navn self host" not in page
    assert "Vil I have denne praktikant?" in await case.reads("host", "answer")
    hosts = await case.reads("host", "answer")
    for said in (
        "Jeg vil se noget nyt.",
        "I arbejder med et fag, praktikanten ønsker.",
        "praktikantens leder skal også godkende den",
    ):
        assert said in hosts
    assert "Du skal ikke svare her." in await case.reads("manager", "answer")


async def test_only_a_host_has_no_room(case: Case) -> None:
    assert "Vi har ikke plads" not in await case.reads("intern", "answer")
    assert "Vi har ikke plads" in await case.reads("host", "answer")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "accept"),
        ({"accept": "no", "reason": "capacity"}, "reason"),
        ({"accept": "maybe"}, "accept"),
        ({"accept": "no"}, "reason"),
        ({"accept": "no", "reason": "x"}, "reason"),
        ({"accept": "yes", "reason": "x"}, "reason"),
    ],
)
async def test_an_answer_that_says_too_little_is_asked_for_again(
    rig: Rig, case: Case, sent: dict[str, str], field: str
) -> None:
    answer = await case.post("intern", "answer", unknown="", **sent)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert await rig.said(MatchAccepted, MatchDeclined) == []
    if sent.get("accept") == "no":
        assert 'value="no" checked' in answer.text


async def test_the_first_yes_waits_and_the_second_leads_to_the_agreement(case: Case) -> None:
    for _ in range(2):  # pressed twice
        await case.does("intern", "answer", accept="yes")
    waiting = await case.reads("intern", "answer")
    assert "Du har sagt ja Vi skriver til dig" in waiting
    assert "Det handler forslaget om" in waiting
    assert "Vil I have denne praktikant?" in await case.reads("host", "answer")
    await case.does("host", "answer", accept="yes", reason="")
    assert "I har begge sagt ja" in await case.reads("intern", "answer")


async def test_another_answer_after_the_first_is_refused_with_the_way_on(case: Case) -> None:
    await case.does("intern", "answer", accept="no", reason="workplace")
    assert "Du har sagt nej" in await case.reads("intern", "answer")
    host = await case.reads("host", "answer")
    assert "Den anden part har sagt nej" in host
    assert "Min arbejdsplads kan ikke" not in host
    turned = await case.post("intern", "answer", accept="yes")
    assert (turned.status_code, "Du har allerede svaret" in words_of(turned)) == (409, True)
    assert "Se, hvad der gælder nu" in words_of(turned)
    late = await case.post("host", "answer", accept="yes")
    assert (late.status_code, "Sagen er slut" in words_of(late)) == (409, True)


async def test_half_an_answer_after_the_first_leads_to_what_stands(rig: Rig, case: Case) -> None:
    """A window that stood open has a form that the page no longer has: there is no field to be led to."""
    await case.does("intern", "answer", accept="yes")
    for sent in ({"reason": ""}, {"accept": "no"}):
        turned = await case.post("intern", "answer", **sent)
        assert (turned.status_code, turned.headers["location"]) == (303, f"{case.here}/answer")
    assert "Du har sagt ja" in await case.reads("intern", "answer")
    await case.does("host", "answer", accept="yes")
    for party in PARTIES:
        await case.approves(party)
    rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
    await case.does("host", "stay", held="no", reason="host_prevented")
    turned = await case.post("intern", "stay", held="no")
    assert (turned.status_code, turned.headers["location"]) == (303, f"{case.here}/stay")


async def test_a_deadline_that_has_passed_is_said_before_the_job_comes_round(rig: Rig, case: Case) -> None:
    rig.clock.instant = datetime(2018, 4, 23, 22, tzinfo=UTC)
    assert "Fristen er udløbet" in await case.reads("intern", "answer")
    late = await case.post("intern", "answer", accept="yes")
    assert (late.status_code, "Sagen er slut" in words_of(late)) == (409, True)


async def test_what_was_taken_back_is_nobodys_fault(rig: Rig, case: Case) -> None:
    await case.cast.coordinator("POST", f"placements/{case.id}/withdrawal")
    assert "Forslaget er trukket tilbage" in await case.reads("host", "answer")


async def test_the_address_of_the_placement_leads_to_what_comes_next(rig: Rig, case: Case) -> None:
    async def leads(party: str) -> str:
        answer = await case.cast.web.get(
            case.here, headers={"authorization": f"Bearer {case.token(party)}"}, params={"lang": "en"}
        )
        assert answer.status_code == 303
        return answer.headers["location"].removeprefix(f"{case.here}/")

    assert await leads("intern") == "answer?lang=en"
    await case.signed()
    assert await leads("manager") == "agreement?lang=en"
    rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
    assert await leads("host") == "stay?lang=en"


async def test_a_link_that_opens_the_whole_person_opens_their_placements_and_no_others(
    cast: Cast, case: Case
) -> None:
    whole = cast.rig.link(
        contact_id=case.intern.self_id,
        participant_id=case.intern.participant_id,
        acts=["evaluate", "answer", "agreement", "stay"],
        aggregates=[case.intern.participant_id],
    )
    opened = await cast.web.get(f"{case.here}/answer", headers={"authorization": f"Bearer {whole}"})
    assert opened.status_code == 200
    narrow = cast.rig.link(
        contact_id=case.intern.self_id,
        participant_id=case.intern.participant_id,
        acts=["agreement"],
        aggregates=[case.intern.participant_id],
    )
    closed = await cast.web.get(f"{case.here}/answer", headers={"authorization": f"Bearer {narrow}"})
    assert closed.status_code == 403
    stranger = await cast.joins("host")
    of_another = cast.rig.link(
        contact_id=stranger.self_id,
        participant_id=stranger.participant_id,
        acts=["answer"],
        aggregates=[stranger.participant_id],
    )
    refused = await cast.web.get(f"{case.here}/answer", headers={"authorization": f"Bearer {of_another}"})
    assert refused.status_code == 403


async def test_held_and_not_held_are_told_with_what_they_mean(rig: Rig, case: Case) -> None:
    await case.signed()
    assert "Praktikken er ikke begyndt" in await case.reads("intern", "stay")
    early = await case.post("intern", "stay", held="yes")
    assert (early.status_code, "Praktikken er ikke begyndt" in words_of(early)) == (409, True)
    rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
    page = await case.reads("intern", "stay")
    assert "regner vi praktikken for gennemført 15. september 2018 kl. 12.00" in page
    assert (await case.post("intern", "stay", held="no")).status_code == 422
    await case.does("intern", "stay", held="yes")
    assert "Du har sagt, at praktikken bliver gennemført" in await case.reads("intern", "stay")
    rig.clock.advance(timedelta(days=2))
    await case.does("host", "stay", held="yes")
    assert "Praktikken er gennemført" in await case.reads("manager", "stay")
    assert len(await rig.said(InternshipCompleted)) == 1


async def test_two_who_say_different_things_are_told_to_wait(rig: Rig, case: Case) -> None:
    await case.signed()
    rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
    await case.does("intern", "stay", held="yes")
    await case.does("host", "stay", held="no", reason="host_prevented")
    for party in ("intern", "manager", "host"):
        assert "I har sagt hver jeres" in await case.reads(party, "stay")
    changed = await case.post("intern", "stay", held="no", reason="other")
    assert (changed.status_code, "I har sagt hver jeres" in words_of(changed)) == (409, True)


async def test_a_stay_that_was_not_held_is_said_to_all(rig: Rig, case: Case) -> None:
    await case.signed()
    rig.clock.instant = datetime(2018, 9, 10, 8, tzinfo=UTC)
    await case.does("manager", "stay", held="no", reason="intern_prevented")
    assert "Praktikken blev ikke gennemført" in await case.reads("host", "stay")
    assert "Praktikken blev ikke gennemført" in await case.reads("host", "agreement")
    assert len(await rig.said(InternshipNotHeld)) == 1
