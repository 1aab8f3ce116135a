"""The agreement through its pages: read, approved as it was read, changed in the open, refused with a reason, called off."""

import hashlib
from dataclasses import replace

import pytest
from matching.cast import Cast
from matching.visiting import PARTIES, Case, a_case, words_of
from rig import Rig

from ipraktik_contracts.events import AgreementCancelled, AgreementRefused, ContactChanged
from ipraktik_matching.domain.terms import STANDING_POINTS_NOW, Terms
from ipraktik_matching.web.person.agreement_text import STANDING_POINTS

POINTS = {1: "ec307012563512e0", 2: "548b4722e6f7bf3c"}
"""Of each wording that somebody may have approved; a new wording gets a number and a line of its own."""


@pytest.fixture
async def case(cast: Cast) -> Case:
    found = await a_case(cast)
    await found.accepted()
    return found


async def test_each_party_reads_the_same_agreement_with_the_goals_of_all_three(case: Case) -> None:
    for party in PARTIES:
        page = await case.reads(party, "agreement")
        for said in (
            "10.–12. september 2018",
            "Jeg vil se, hvordan andre løser deres opgaver",
            "Vi giver tid til forberedelse",
            "Vi vil have friske øjne",
            "Værten betaler ikke løn.",
            "Navn self host",
            "Navn reserve host",
            "Alle tre skal godkende senest 9. maj 2018.",
        ):
            assert said in page


async def test_a_draft_begins_in_english_where_one_of_the_three_reads_english(rig: Rig, cast: Cast) -> None:
    case = await a_case(cast)
    await rig.tell(cast.contact(case.host, "self", language="en"))
    await case.accepted()
    terms = (await case.current()).terms
    assert terms.goals_intern.startswith("I want to see how others do their work")
    assert terms.programme.splitlines()[0].startswith("Monday 10 September: Welcome")
    assert "Monday 10 September: Welcome" in await case.reads("intern", "agreement/edit")


async def test_an_approval_needs_the_tick_and_shows_name_time_and_print(case: Case) -> None:
    version = await case.current()
    answered = {"version": version.number, "fingerprint": version.fingerprint}
    unread = await case.post("intern", "agreement/approval", **answered)
    assert unread.status_code == 422
    assert 'href="#read"' in unread.text
    assert "<title>Fejl:" in unread.text
    await case.approves("intern")
    page = await case.reads("host", "agreement")
    assert (
        f"Praktikant Navn self intern Har godkendt 9. april 2018 kl. 10.00 {version.fingerprint[:8]}" in page
    )
    assert "Nærmeste leder Navn manager intern Har ikke svaret" in page
    assert "Du har godkendt" in await case.reads("intern", "agreement")


async def test_who_approves_is_told_what_nobody_has_settled_and_who_changes_that_it_is_sent(
    case: Case,
) -> None:
    unsettled = ("Målene er vores forslag.", "Der er ingen reserve hos værten.", "Ingen af jer har spurgt HR")
    page = await case.reads("manager", "agreement")
    assert [one in page for one in unsettled] == [True, False, True]
    sent = await case.changes("host", goals_host="Vi vil lære af jer.", host_reserve_id="", hr_asked="yes")
    assert sent.status_code == 303
    page = await case.reads("manager", "agreement")
    assert [one in page for one in unsettled] == [False, True, False]
    assert "Aftalen venter på dig" in page
    assert "Du har sendt version 2 til alle tre" in await case.reads("host", "agreement")
    await case.approves("host")
    page = await case.reads("host", "agreement")
    assert "Du har godkendt" in page
    assert not any(one in page for one in unsettled)


async def test_the_third_approval_opens_calendar_and_closes_the_form(case: Case) -> None:
    assert (await case.get("intern", "calendar.ics")).status_code == 404
    for party in PARTIES:
        await case.approves(party)
    page = await case.get("host", "agreement")
    assert "Alle tre har godkendt" in page.text
    assert "calendar.ics" in page.text
    assert "agreement/approval" not in page.text
    await case.approves("host")  # a second press of the button says the same


async def test_approving_what_was_changed_meanwhile_shows_what_is_different(case: Case) -> None:
    read = await case.current()
    assert (await case.changes("host", programme="Dag 1: Kør med linje 5A.")).status_code == 303
    stale = await case.post(
        "manager", "agreement/approval", version=read.number, fingerprint=read.fingerprint, read="yes"
    )
    assert stale.status_code == 409
    said = words_of(stale)
    assert "Du læste version 1. Nu er der en version 2." in said
    assert "Dag 1: Kør med linje 5A." in said
    assert read.terms.programme.splitlines()[0] in said
    assert "Læs version 2" in said
    refused = await case.post("manager", "agreement/refusal", version=1, reason="cover")
    assert (refused.status_code, "Læs version 2" in words_of(refused)) == (409, True)
    unticked = await case.post("manager", "agreement/approval", version=1, fingerprint=read.fingerprint)
    assert (unticked.status_code, "Læs version 2" in words_of(unticked)) == (409, True)


async def test_a_change_upon_an_older_version_keeps_what_was_typed_and_shows_the_others_change(
    case: Case,
) -> None:
    mine = await case.fields(goals_intern="Jeg vil køre bus.")
    assert (await case.changes("host", meeting_place="Rutebilstationen kl. 8")).status_code == 303
    late = await case.post("intern", "agreement/edit", **mine)
    assert late.status_code == 409
    said = words_of(late)
    assert "En anden var hurtigere" in said
    assert "Rutebilstationen kl. 8" in said
    assert "Jeg vil køre bus." in late.text
    assert 'name="version" value="2"' in late.text
    again = await case.post("intern", "agreement/edit", **(mine | {"version": "2"}))
    assert again.status_code == 303
    assert (await case.current()).terms.goals_intern == "Jeg vil køre bus."


@pytest.mark.parametrize(
    ("typed", "field", "mend"),
    [
        ({"first_day-month": "13"}, "first_day", "Skriv første dag som dag, måned og år"),
        ({"last_day-day": "9"}, "last_day", "Den sidste dag må ikke ligge før den første"),
        ({"last_day-day": "", "last_day-month": "", "last_day-year": ""}, "last_day", "Skriv sidste dag som"),
        ({"last_day-day": "28"}, "first_day", "Vælg kommende dage inden for rundens datoer"),
        ({"last_day-day": "10", "programme": ""}, "last_day", "En praktik varer 2 til 5 hverdage"),
        ({"last_day-day": "11"}, "programme", "Programmet har en linje for 12. september 2018"),
        ({"programme": "x" * 2001}, "programme", "Program: Skriv højst 2.000 tegn"),
        ({"goals_host": "x" * 2001}, "goals_host", "Værtens mål: Skriv højst 2.000 tegn"),
        ({"host_contact_id": "nobody"}, "host_contact_id", "Vælg værtens kontaktperson"),
        (
            {"host_reserve_id": "00000000-0000-0000-0000-000000000001"},
            "host_contact_id",
            "Vælg værtens kontaktperson",
        ),
        ({}, "", "Du har ikke ændret noget"),
    ],
)
async def test_what_cannot_be_is_mended_on_the_page_with_everything_kept(
    case: Case, typed: dict[str, str], field: str, mend: str
) -> None:
    kept = {"follow_up": "Møde i uge 40"} if typed else {}
    answer = await case.changes("intern", **typed, **kept)
    assert answer.status_code == 422
    assert mend in words_of(answer)
    assert "<title>Fejl:" in answer.text
    if field:
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}"' in answer.text
    for value in kept.values():
        assert value in answer.text
    assert (await case.current()).number == 1


async def test_the_reserve_is_not_the_contact_person(case: Case) -> None:
    same = str((await case.current()).terms.host_contact_id)
    answer = await case.changes("host", host_reserve_id=same)
    assert (answer.status_code, "Reserven skal være en anden" in words_of(answer)) == (422, True)
    assert 'href="#host_reserve_id"' in answer.text


async def test_what_people_write_is_shown_as_text(case: Case) -> None:
    assert (await case.changes("host", programme="Dag 1: <b>bus</b>\nDag 2: tog")).status_code == 303
    page = await case.get("intern", "agreement")
    assert "&lt;b&gt;bus&lt;/b&gt;\nDag 2: tog" in page.text


async def test_the_declaration_is_part_of_the_agreement_when_it_is_wanted(case: Case) -> None:
    assert "Praktikanten lover" not in await case.reads("intern", "agreement")
    assert (await case.changes("host", confidentiality_declaration="yes", hr_asked="yes")).status_code == 303
    page = await case.reads("intern", "agreement")
    assert "Praktikanten lover at holde fortrolige ting for sig selv" in page
    assert "HR er spurgt om forsikring Ja" in page


async def test_a_refusal_is_shown_to_the_others_with_its_reason_and_comment(rig: Rig, case: Case) -> None:
    assert "Hvorfor siger du nej?" in await case.reads("manager", "agreement/refusal")
    empty = await case.post("manager", "agreement/refusal", version=1, comment="Ikke i uge 37")
    assert (empty.status_code, "Ikke i uge 37" in empty.text) == (422, True)
    await case.does("manager", "agreement/refusal", version=1, reason="cover", comment="Ikke i uge 37")
    for party in ("intern", "host"):
        page = await case.reads(party, "agreement")
        assert "Nærmeste leder: Ingen kan passe arbejdet imens. Ikke i uge 37" in page
        assert "Godkend aftalen" not in page
    (said,) = await rig.said(AgreementRefused)
    assert "Ikke" not in said.model_dump_json()
    version = await case.current()
    late = await case.post(
        "host", "agreement/approval", version=1, fingerprint=version.fingerprint, read="yes"
    )
    assert (late.status_code, "Versionen er afvist" in words_of(late)) == (409, True)
    for party, form in (("host", "approval"), ("manager", "refusal")):  # forms that the pages have no longer
        turned = await case.post(party, f"agreement/{form}", version=1)
        assert (turned.status_code, turned.headers["location"]) == (303, f"{case.here}/agreement")


async def test_the_versions_show_who_changed_what_and_who_approved(case: Case) -> None:
    await case.approves("intern")
    await case.changes("host", meeting_place="Rutebilstationen kl. 8")
    page = await case.reads("manager", "agreement/versions")
    second, _, first = page.partition("Version 1 Erstattet")
    assert "Version 2 Ikke godkendt af alle tre endnu." in second
    assert "Foreslået af: praktikvært. 9. april 2018 kl. 10.00." in second
    assert (
        "Mødested Værtens adresse. Værten skriver tid og sted senest en uge før. Rutebilstationen kl. 8"
        in second
    )
    assert "Praktikant Navn self intern Har godkendt" in first
    assert "Har godkendt" not in second


async def test_a_deputy_is_named_and_approves_and_what_the_manager_approved_stays_theirs(
    rig: Rig, case: Case
) -> None:
    await case.approves("manager")
    await rig.tell(case.cast.contact(case.intern, "manager", name="Vikar Vestergaard", epoch=2))
    replaced = await case.get("manager", "agreement")
    assert replaced.status_code == 410
    page = await case.reads("intern", "agreement")
    assert "Nærmeste leder Navn manager intern Har godkendt" in page
    await case.changes("host", meeting_place="Rutebilstationen")
    assert "Nærmeste leder Vikar Vestergaard Har ikke svaret" in await case.reads("intern", "agreement")
    version = await case.current()
    deputy = {"authorization": f"Bearer {case.token('manager', epoch=2)}"}
    approved = await case.cast.web.post(
        f"{case.here}/agreement/approval",
        data={"version": "2", "fingerprint": version.fingerprint, "read": "yes"},
        headers=deputy,
    )
    assert approved.status_code == 303
    assert "Nærmeste leder Vikar Vestergaard Har godkendt" in await case.reads("host", "agreement")


async def test_the_latest_contact_is_the_manager_where_registration_names_another(
    rig: Rig, case: Case
) -> None:
    old = case.intern.second_id
    case.intern.second_id = type(old)(int=2**128 - 1)
    await rig.tell(case.cast.contact(case.intern, "manager", name="Ny Leder"))
    assert "Nærmeste leder Ny Leder" in await case.reads("intern", "agreement")
    await case.approves("manager")
    await rig.erase(ContactChanged, old)
    assert "Nærmeste leder Ny Leder Har godkendt" in await case.reads("intern", "agreement")


async def test_an_erased_contact_leaves_the_approval_without_the_name(rig: Rig, case: Case) -> None:
    await case.approves("manager")
    await rig.erase(ContactChanged, case.intern.second_id)
    page = await case.reads("intern", "agreement")
    assert "Nærmeste leder Navnet er slettet Har godkendt" in page
    assert "Navn manager intern" not in page


async def test_calling_off_takes_a_reason_and_is_said_on_the_page(rig: Rig, case: Case) -> None:
    assert (await case.post("host", "agreement/cancellation", reason="")).status_code == 422
    for _ in range(2):
        await case.does("host", "agreement/cancellation", reason="workplace")
    assert "Aftalen er aflyst" in await case.reads("intern", "agreement")
    assert "kan ikke rettes nu" in await case.reads("intern", "agreement/edit")
    late = await case.post("intern", "agreement/cancellation", reason="dates")
    assert (late.status_code, "Sagen er slut" in words_of(late)) == (409, True)
    half = await case.post("intern", "agreement/cancellation", reason="")
    assert (half.status_code, half.headers["location"]) == (303, f"{case.here}/agreement")
    assert len(await rig.said(AgreementCancelled)) == 1


async def test_a_change_after_signing_leaves_the_signed_version_in_force(case: Case) -> None:
    for party in PARTIES:
        await case.approves(party)
    assert "Den gamle version gælder" in await case.reads("host", "agreement/edit")
    await case.changes("host", programme="Ny plan")
    page = await case.reads("intern", "agreement")
    assert "Version 1 gælder, til alle tre har godkendt den nye." in page
    assert "Ny plan" in page


def test_what_somebody_has_approved_is_never_worded_anew() -> None:
    digests = {
        number: hashlib.sha256("\n".join(points).encode()).hexdigest()[:16]
        for number, points in STANDING_POINTS.items()
    }
    assert digests == POINTS
    assert STANDING_POINTS_NOW in digests


async def test_a_wording_that_the_next_release_gives_agreements_is_read_here_already(
    rig: Rig, case: Case
) -> None:
    """Versions stand beside each other in an upgrade and may come back: the one before must show what the next one writes."""
    assert "skader, som praktikanten laver" in await case.reads("intern", "agreement")
    async with rig.database.transaction() as tx:
        text = await tx.conn.fetchval("select terms from agreement_versions where placement_id = $1", case.id)
        worded = Terms.from_canonical(text)
        reworded = replace(worded, standing_points=max(STANDING_POINTS))
        await tx.conn.execute(
            "update agreement_versions set terms = $2, fingerprint = $3 where placement_id = $1",
            case.id,
            reworded.canonical(),
            reworded.fingerprint(),
        )
    assert "skader, som praktikanten forvolder" in await case.reads("intern", "agreement")


async def test_a_page_of_the_agreement_before_there_is_one_says_so(cast: Cast) -> None:
    case = await a_case(cast)
    for page in ("agreement", "agreement/edit", "agreement/versions", "agreement/pdf", "agreement/refusal"):
        answer = await case.get("intern", page)
        assert (answer.status_code, "Der er ingen aftale endnu" in answer.text) == (404, True)
