"""Cases on the board: found, shown whole with who did what, taken back and decided by a coordinator whose name stays on record."""

import csv
import io
import re
import uuid
from typing import Any

import pytest
from matching.board_visits import Visits, hidden, words_of
from matching.cast import Cast, Person
from matching.visiting import a_case
from rig import Rig

from ipraktik_contracts.events import (
    AgreementCancelled,
    Event,
    InternshipCompleted,
    InternshipNotHeld,
    MatchWithdrawn,
)
from ipraktik_contracts.fields import Workplace
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.web.board.csv_out import cell

Three = tuple[Placement, Person, Person]


@pytest.fixture
async def proposed(cast: Cast) -> Three:
    host = await cast.joins("host")
    intern = await cast.joins("intern")
    (placement,) = await cast.proposed()
    return placement, intern, host


async def _disputed(rig: Rig, cast: Cast, three: Three) -> None:
    placement, intern, host = three
    await cast.both_accept(placement, intern, host)
    await cast.signs(placement.placement_id, intern, host)
    rig.clock.instant = rig.clock.instant.replace(month=9, day=11)
    for person, held in ((intern, True), (host, False)):
        await cast.does(cast.token(person, placement.placement_id), placement.placement_id, "stay", held=held)
    await rig.said()


async def test_the_whole_case_is_told_with_names_and_local_times(
    cast: Cast, board: Visits, proposed: Three
) -> None:
    placement, intern, host = proposed
    await cast.both_accept(placement, intern, host)
    page = words_of(await board.get(f"/cases/{placement.placement_id}"))
    assert "Navn self intern hos Navn self host" in page
    assert "Navn manager intern, Bibliotekar (nærmeste leder)" in page
    assert "10.–12. september 2018" in page
    history = page.partition("Historik")[2]
    assert re.search(r"9\. april 2018 kl\. 10\.00 Forslag sendt coordinator", history)
    assert "Sagde ja Navn self intern (praktikant)" in history
    assert "Sagde ja Navn self host (praktikvært)" in history
    assert "Ny version af aftalen (version 1) Lavet af os" in history
    assert "Praktikantens mål" in page
    assert str(placement.placement_id) in page


@pytest.mark.parametrize("last", ["intern", "manager", "host"])
async def test_each_approval_says_in_which_role_the_third_one_too(
    cast: Cast, board: Visits, last: str
) -> None:
    case = await a_case(cast)
    await case.accepted()
    roles = {
        "intern": "Navn self intern (praktikant)",
        "manager": "Navn manager intern (nærmeste leder)",
        "host": "Navn self host (praktikvært)",
    }
    first, second = [party for party in roles if party != last]
    for party in (first, second, last):
        await case.approves(party)
    history = words_of(await board.get(f"/cases/{case.id}")).partition("Historik")[2]
    for party in (first, second):
        assert f"Godkendte aftalen (version 1) {roles[party]}" in history
    assert f"Godkendte som den tredje. Nu gælder aftalen (version 1) {roles[last]}" in history


async def test_practical_needs_are_not_for_coordinators(
    rig: Rig, cast: Cast, board: Visits, proposed: Three
) -> None:
    placement, intern, host = proposed
    await cast.both_accept(placement, intern, host)
    async with rig.database.transaction() as tx:
        await tx.conn.execute(
            "insert into practical_needs (placement_id, note, written_at, delete_at) values ($1, 'Nødder', $2, $2)",
            placement.placement_id,
            tx.now,
        )
    assert "Nødder" not in await board.get(f"/cases/{placement.placement_id}")


async def test_a_proposal_is_taken_back_once_with_a_remark_that_stays_inside(
    rig: Rig, cast: Cast, board: Visits, proposed: Three
) -> None:
    placement, _, _ = proposed
    await rig.said()
    path = f"/cases/{placement.placement_id}"
    form: dict[str, Any] = {"state": "proposed", "sure": "yes", "comment": "Værten ringede"}
    page = ""
    for _ in range(2):
        page = await board.follow(await board.send(f"{path}/withdrawal", **form))
    assert "Trukket tilbage" in page
    assert "Værten ringede" in page
    assert words_of(page).count("Forslag trukket tilbage") == 1
    assert "Kim Koordinator" in page
    assert "En koordinator besluttede det" in page
    (said,) = await rig.said(Event)
    assert isinstance(said, MatchWithdrawn)
    assert said.reason == "coordinator"
    assert "Værten ringede" not in said.model_dump_json()


async def test_a_signed_agreement_is_called_off_only_by_who_has_seen_that_it_is_signed(
    rig: Rig, cast: Cast, board: Visits, proposed: Three
) -> None:
    placement, intern, host = proposed
    await cast.both_accept(placement, intern, host)
    await cast.signs(placement.placement_id, intern, host)
    await rig.said()
    path = f"/cases/{placement.placement_id}/withdrawal"
    stale = await board.send(path, status=409, state="proposed", sure="yes", comment="")
    assert "Sagen har ændret sig" in stale.text
    assert "Sagens tilstand er nu: Godkendt." in stale.text
    assert await rig.said() == []
    unsure = await board.send(path, status=422, state="signed", comment="")
    assert "Sæt hak, hvis aftalen skal aflyses" in unsure.text
    await board.send(path, state="signed", sure="yes", comment="")
    (said,) = await rig.said(AgreementCancelled)
    assert (said.by, said.reason) == ("coordinator", "coordinator")


async def test_taking_back_wants_a_tick(rig: Rig, cast: Cast, board: Visits, proposed: Three) -> None:
    placement, _, _ = proposed
    await rig.said()
    path = f"/cases/{placement.placement_id}/withdrawal"
    asked = await board.send(path, status=422, state="proposed", comment="Husk dette")
    assert "Sæt hak, hvis forslaget skal trækkes tilbage" in asked.text
    assert "Husk dette" in asked.text
    await board.send(path, status=422, state="proposed", sure="yes", comment="x" * 501)
    assert await rig.said() == []


@pytest.mark.parametrize("held", ["yes", "no"])
async def test_a_contradiction_is_decided_with_a_name_to_it(
    rig: Rig, cast: Cast, board: Visits, proposed: Three, held: str
) -> None:
    placement, _, _ = proposed
    await _disputed(rig, cast, proposed)
    page = await board.get(f"/cases/{placement.placement_id}")
    assert "Parterne er uenige" in page
    path = f"/cases/{placement.placement_id}/decision"
    nothing = await board.send(path, status=422, reason="")
    assert "Vælg, om praktikken blev gennemført" in nothing.text
    if held == "no":
        half = await board.send(path, status=422, held="no", reason="")
        assert "Vælg en grund til, at praktikken ikke blev gennemført" in half.text
    rig.clock.instant = rig.clock.instant.replace(day=14)
    form: dict[str, Any] = {"held": held, "reason": "host_prevented", "decision_comment": "Talte med begge"}
    for _ in range(2):
        page = await board.follow(await board.send(path, **form))
    assert "Talte med begge" in page
    assert "Kim Koordinator" in page
    (said,) = await rig.said(Event)
    assert isinstance(said, InternshipCompleted if held == "yes" else InternshipNotHeld)
    other = {**form, "held": "no" if held == "yes" else "yes"}
    late = await board.send(path, status=409, **other)
    assert "Det er afgjort" in late.text


async def test_an_ended_case_offers_no_acts(cast: Cast, board: Visits, proposed: Three) -> None:
    placement, intern, _ = proposed
    token = cast.token(intern, placement.placement_id)
    await cast.does(token, placement.placement_id, "answer", accept=False, reason="distance")
    page = await board.get(f"/cases/{placement.placement_id}")
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert "Afslået" in page
    late = await board.send(
        f"/cases/{placement.placement_id}/withdrawal", status=409, state="declined", sure="yes"
    )
    assert "Sagen er slut" in late.text


async def test_cases_are_found_by_name_organisation_id_state_and_sign_up(
    rig: Rig, cast: Cast, board: Visits, proposed: Three
) -> None:
    placement, intern, host = proposed
    other = Person(role="intern")
    place = Workplace(
        organisation_id=uuid.uuid4(),
        workplace_id=uuid.uuid4(),
        organisation_name="100% Ærø_Kommune",
        sector="municipal",
        ownership="public",
        municipality_code="0492",
        country="DK",
        ministerial_area=None,
    )
    await rig.tell(
        cast.contact(other, "self", name="Åse Østergaard"),
        cast.body(other, workplace=place),
    )
    await cast.joins("host")
    await cast.proposed()
    mine = f"/matching/board/cases/{placement.placement_id}"

    async def found(**query: Any) -> tuple[int, bool]:
        page = await (board.find if query.get("q") else board.get)("/cases", **query)
        return page.count('">Åbn<span'), mine in page

    assert await found() == (2, True)
    assert await found(q="åse øst") == (1, False)
    assert await found(q="100%") == (1, False)
    assert await found(q="ærø_k") == (1, False)
    assert await found(q="1_0%") == (0, False)
    assert await found(q=str(placement.placement_id)) == (1, True)
    assert await found(q=str(placement.placement_id)[:8].upper()) == (1, True)
    assert await found(q=str(intern.participant_id)) == (1, True)
    assert await found(participant=intern.participant_id) == (1, True)
    assert await found(participant=host.participant_id) == (1, True)
    assert await found(participant=uuid.uuid4()) == (0, False)
    assert await found(state="proposed") == (2, True)
    assert await found(state="open", q="navn manager") == (1, True)
    assert await found(state="signed") == (0, False)
    assert await found(state="'; drop table placements; --", q="x" * 5000) == (0, False)
    assert await found(q="åse\x00øst") == (1, False)


async def test_words_stand_in_no_address_and_are_not_read_from_one(
    cast: Cast, board: Visits, proposed: Three
) -> None:
    def addresses(page: str) -> str:
        return " ".join(re.findall(r'(?:href|action)="([^"]*)"', page)).lower()

    for page in (
        await board.find("/cases", q="navn self intern", state="open"),
        await board.find("/search", q="navn self intern"),
        await board.find("/search", q="organisation"),
        await board.find("/rules/new", q="navn self intern"),
    ):
        assert "navn" not in addresses(page)
        assert "q=" not in addresses(page)
    assert "Sager: 1" in await board.get("/cases", q="findes ikke")
    assert "Navn self" not in await board.get("/search", q="navn self")
    assert "Navn self" not in await board.get("/rules/new", q="navn self")
    shown = await board.send("/cases", q=" ", state="open", edition=cast.edition_id)
    assert shown.headers["location"] == "/matching/board/cases?state=open"


async def test_found_cases_are_read_on_and_taken_out_with_the_words_in_the_form(
    cast: Cast, board: Visits
) -> None:
    for _ in range(18):
        await cast.joins("host", capacity=3)
    for _ in range(52):
        await cast.joins("intern")
    await cast.proposed()
    here = f"/cases?edition={cast.edition_id}"
    first = await board.find(here, q="navn self", state="proposed")
    assert 'value="navn self"' in first
    assert f'action="/matching/board/cases?edition={cast.edition_id}&state=proposed"' in first
    second = await board.find(f"{here}&state=proposed", q="navn self", after=hidden(first, "after"))
    assert (first.count('">Åbn<span'), second.count('">Åbn<span')) == (50, 2)
    assert "Fra begyndelsen" in second
    ids = set(re.findall(r"/cases/([0-9a-f-]{36})", first + second))
    assert len(ids) == 52
    again = await board.find(f"{here}&state=proposed", q="navn self")
    assert again.count('">Åbn<span') == 50
    one = next(iter(ids))
    file = await board.send(f"/cases.csv?edition={cast.edition_id}", status=200, q=one)
    assert len(file.text.strip().splitlines()) == 2
    assert one in file.text


async def test_cases_are_read_on_from_where_a_page_ended(cast: Cast, board: Visits) -> None:
    for _ in range(18):
        await cast.joins("host", capacity=3)
    for _ in range(52):
        await cast.joins("intern")
    await cast.proposed()
    first = await board.get("/cases")
    following = re.search(r'href="/matching/board(/cases[^"]*)" rel="next"', first)
    assert following is not None
    second = await board.get(following[1])
    assert (first.count('">Åbn<span'), second.count('">Åbn<span')) == (50, 2)
    assert "Fra begyndelsen" in second
    ids = re.findall(r"/cases/([0-9a-f-]{36})", first + second)
    assert len(ids) == len(set(ids)) == 52
    for odd in ("x", "2018-09-10", "2018-99-99." + ids[0], "9999-12-31." + ids[0]):
        await board.get("/cases", after=odd)


async def test_the_file_of_cases_holds_no_formulas(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("host")
    intern = Person(role="intern")
    await rig.tell(cast.contact(intern, "self", name="=1+cmd|' /C calc'!A0"), cast.body(intern))
    await cast.proposed()
    file = await board.answer("/cases.csv")
    assert file.headers["content-disposition"] == 'attachment; filename="sager.csv"'
    header, row = csv.reader(io.StringIO(file.text.removeprefix("\ufeff")), delimiter=";")
    assert header[:2] == ["Sag", "Praktikant"]
    assert row[1] == "'=1+cmd|' /C calc'!A0"
    assert row[5] == "Foreslået"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=A1", "'=A1"),
        ("+45", "'+45"),
        ("-x", "'-x"),
        ("@a", "'@a"),
        ("\tx", "'\tx"),
        ("  =A1", "'  =A1"),
        ("a=b", "a=b"),
        (-3, "-3"),
        (None, ""),
    ],
)
def test_a_cell_is_text_to_every_spreadsheet(value: object, shown: str) -> None:
    assert cell(value) == shown


async def test_what_people_wrote_is_shown_as_text(rig: Rig, cast: Cast, board: Visits) -> None:
    await cast.joins("host")
    intern = Person(role="intern")
    await rig.tell(cast.contact(intern, "self", name="<script>alert(1)</script>"), cast.body(intern))
    (placement,) = await cast.proposed()
    answers = [await board.answer(path) for path in ("", "/cases", f"/cases/{placement.placement_id}")]
    for answer in (*answers, await board.send("/search", status=200, q="script")):
        assert "<script>alert" not in answer.text
        assert "&lt;script&gt;alert" in answer.text
