"""The queue says what waits for whom, the most urgent first, a page at a time, and never costs a statement for each row."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from matching.board_visits import Visits, words_of
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.events import ContactChanged
from ipraktik_matching.domain.placement import Placement
from ipraktik_matching.store.board import queue


@pytest.fixture
async def proposed(cast: Cast) -> tuple[Placement, Person, Person]:
    host = await cast.joins("host")
    intern = await cast.joins("intern")
    (placement,) = await cast.proposed()
    return placement, intern, host


async def test_nobody_but_a_coordinator_comes_in(cast: Cast) -> None:
    for path in ("", "/balance", "/runs", "/cases", "/search", "/rules"):
        led = await cast.web.get(f"/matching/board{path}", headers={"accept": "text/html"})
        assert led.status_code == 303
        assert "/registration/sign-in" in led.headers["location"]


async def test_a_person_is_no_coordinator(cast: Cast, proposed: tuple[Placement, Person, Person]) -> None:
    placement, intern, _ = proposed
    token = cast.token(intern, placement.placement_id)
    for cookie in (f"ipraktik={token}", f"ipraktik-board={token}"):
        led = await cast.web.get("/matching/board", headers={"accept": "text/html", "cookie": cookie})
        assert led.status_code == 303


async def test_without_an_edition_the_board_says_what_to_do(rig: Rig, cast: Cast, board: Visits) -> None:
    async with rig.database.transaction() as tx:
        await tx.conn.execute("delete from editions")
    for path in ("", "/balance", "/runs", "/cases", "/rules", "/rules/new"):
        assert "Der er ingen runde endnu" in await board.get(path)


async def test_an_empty_edition_waits_for_nothing(board: Visits) -> None:
    assert "Intet venter lige nu." in await board.get("")


async def test_a_proposal_waits_for_those_who_have_not_answered(
    cast: Cast, board: Visits, proposed: tuple[Placement, Person, Person]
) -> None:
    placement, intern, _ = proposed
    page = words_of(await board.get(""))
    assert "Forslag mangler svar: 1" in page
    assert "praktikant, praktikvært" in page
    assert "9. april 2018 23. april 2018" in page
    await cast.does(cast.token(intern, placement.placement_id), placement.placement_id, "answer", accept=True)
    page = words_of(await board.get("", kind="proposal"))
    assert "praktikvært" in page
    assert "praktikant, praktikvært" not in page


async def test_an_agreement_waits_for_who_has_not_approved_and_a_refused_one_for_a_new_version(
    cast: Cast, board: Visits, proposed: tuple[Placement, Person, Person]
) -> None:
    placement, intern, host = proposed
    await cast.both_accept(placement, intern, host)
    current = (await cast.placement(placement.placement_id)).current
    assert current is not None
    manager = cast.token(intern, placement.placement_id, relation="manager")
    await cast.does(
        manager, placement.placement_id, "agreement/approval", version=1, fingerprint=current.fingerprint
    )
    page = words_of(await board.get(""))
    assert "Aftale mangler godkendelse: 1" in page
    assert "praktikant, praktikvært" in page
    await cast.does(
        cast.token(host, placement.placement_id), placement.placement_id, "agreement/refusal", version=1
    )
    page = words_of(await board.get(""))
    assert "Afvist aftale mangler ny version: 1" in page
    assert "Aftale mangler godkendelse: 0" in page


async def test_a_solved_run_waits_until_it_or_another_is_sent_out(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await cast.joins("host")
    await cast.joins("intern")
    older = await cast.solved_run()
    rig.clock.advance(timedelta(minutes=1))
    newer = await cast.solved_run()
    page = await board.get("")
    assert f"/matching/board/runs/{newer}" in page
    assert f"/matching/board/runs/{older}" not in page
    await cast.releases(newer)
    assert "Beregning klar til at sende ud: 0" in words_of(await board.get(""))


async def test_interns_without_a_place_wait_and_lead_to_their_sign_up(cast: Cast, board: Visits) -> None:
    intern = await cast.joins("intern")
    page = await board.get("", kind="unplaced")
    assert f"/registration/desk/sign-ups/{intern.participant_id}" in page
    assert "Navn self intern" in page


async def test_who_says_alone_that_they_have_found_each_other_waits_for_the_other(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    host = await cast.joins("host")
    friend = Person(role="intern")
    await rig.tell(cast.contact(friend, "self"), cast.body(friend, self_found_with=host.participant_id))
    assert "Selvfundet par, kun den ene har sagt det: 1" in words_of(await board.get(""))


async def test_a_contradiction_about_the_stay_comes_first(
    rig: Rig, cast: Cast, board: Visits, proposed: tuple[Placement, Person, Person]
) -> None:
    placement, intern, host = proposed
    await cast.both_accept(placement, intern, host)
    await cast.signs(placement.placement_id, intern, host)
    await cast.joins("intern")
    rig.clock.instant = rig.clock.instant.replace(month=9, day=11)
    for person, held in ((intern, True), (host, False)):
        token = cast.token(person, placement.placement_id)
        await cast.does(token, placement.placement_id, "stay", held=held)
    rows = words_of(await board.get("")).partition("Mest presserende først")[2]
    assert 0 < rows.index("Uenige om praktikken") < rows.index("Praktikant uden plads")


async def test_every_row_is_on_exactly_one_page_and_the_pages_are_in_order(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await many_of_everything(rig, cast, 120)
    pages = [await board.get("")]
    while following := re.search(r'href="([^"]*)" rel="next"', pages[-1]):
        pages.append(await board.get(following[1].removeprefix("/matching/board")))
    ids = [
        found
        for page in pages
        for found in re.findall(r'<th scope="row">\s*<a href="[^"]*?([0-9a-f-]{36})"', page)
    ]
    async with rig.database.reading() as conn:
        expected = await queue.page(
            conn, edition_id=cast.edition_id, kinds=queue.KINDS, after=None, limit=10_000
        )
    assert len(pages) > 2
    assert len(ids) == len(expected)
    assert ids == [str(row.placement_id or row.run_id or row.intern_id) for row in expected]
    ranks = [(row.place.rank, row.until.timestamp() if row.until else 0) for row in expected]
    assert ranks == sorted(ranks)


async def test_the_number_of_statements_does_not_grow_with_the_edition(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    few = await _statements(rig, board)
    await many_of_everything(rig, cast, 200)
    assert await _statements(rig, board) <= few + 3
    assert len(re.findall("<tr>", await board.get(""))) == 51


@pytest.mark.parametrize(
    "after",
    [
        "x",
        "2.",
        "0.1.2",
        "2.9999999999999999999.%s",
        "9..%s",
        "2..%s",
        "0.5.%s",
        "١.5.%s",
        f"2.{'9' * 17}.%s",
    ],
)
async def test_an_address_that_was_made_up_is_no_crash(cast: Cast, board: Visits, after: str) -> None:
    await cast.joins("intern")
    filled = after.replace("%s", str(uuid.UUID(int=0)))
    assert "Overblik" in await board.get("", after=filled, kind="nothing")


async def test_an_unknown_edition_is_not_found(board: Visits) -> None:
    assert "Det findes ikke her" in await board.get("", edition=uuid.uuid4(), status=404)


async def test_the_edition_that_comes_next_is_shown_unless_another_is_asked_for(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    past, far = uuid.uuid4(), uuid.uuid4()
    for edition_id, name, year in ((past, "Sidste år", 2017), (far, "Næste år", 2019)):
        dates = {"first_day": f"{year}-09-10", "last_day": f"{year}-09-14"}
        await rig.tell(cast.edition(edition_id=edition_id, name=name, dates=dates))
    assert '<p class="lead">Uge 37' in await board.get("")
    assert '<p class="lead">Næste år' in await board.get("", edition=far)


async def test_a_round_with_nobody_in_it_steps_aside_for_one_that_is_alive(
    rig: Rig, cast: Cast, board: Visits
) -> None:
    await rig.tell(cast.edition())
    far = uuid.uuid4()
    dates = {"first_day": "2019-09-10", "last_day": "2019-09-14"}
    await rig.tell(cast.edition(edition_id=far, name="Næste år", dates=dates))
    await cast.joins("host", edition_id=far)
    assert '<p class="lead">Næste år' in await board.get("")
    await cast.joins("host")
    assert '<p class="lead">Uge 37' in await board.get("")


async def test_the_chosen_round_stays_chosen_in_the_menu(rig: Rig, cast: Cast, board: Visits) -> None:
    far = uuid.uuid4()
    dates = {"first_day": "2019-09-10", "last_day": "2019-09-14"}
    await rig.tell(cast.edition(edition_id=far, name="Næste år", dates=dates))
    for path in ("", "/cases", "/search"):
        page = await board.get(path, edition=far)
        for entry in ("", "/balance", "/runs", "/cases", "/search"):
            assert f'<li><a href="http://matching.test/matching/board{entry}?edition={far}"' in page.replace(
                'href="/', 'href="http://matching.test/'
            )
        assert f"/registration/desk/editions?edition={far}" not in page


async def test_somebody_erased_has_no_name_on_the_board(
    rig: Rig, cast: Cast, board: Visits, proposed: tuple[Placement, Person, Person]
) -> None:
    _, intern, _ = proposed
    await rig.erase(ContactChanged, intern.self_id, intern.second_id)
    page = await board.get("")
    assert "Navn self intern" not in page
    assert "Navn self host" in page


async def test_the_board_speaks_english_when_asked(board: Visits) -> None:
    page = await board.get("", lang="en")
    assert '<html lang="en">' in page
    assert "Nothing is waiting right now." in page


async def _statements(rig: Rig, board: Visits) -> int:
    asked: list[str] = []

    def heard(query: Any) -> None:
        asked.append(query.query)

    async with rig.database.pool.acquire() as conn:
        conn.add_query_logger(heard)
        real = rig.database.reading

        class Same:
            async def __aenter__(self) -> Any:
                return conn

            async def __aexit__(self, *_: object) -> None:
                return None

        rig.database.reading = Same  # type: ignore[assignment, method-assign]  # one connection that counts
        try:
            await board.get("")
        finally:
            rig.database.reading = real  # type: ignore[method-assign]  # as it was
            conn.remove_query_logger(heard)
    return len(asked)


async def many_of_everything(rig: Rig, cast: Cast, interns: int) -> None:
    """Interns, hosts and placements in every state that waits, written at once: the board reads tables, not events."""
    host = await cast.joins("host")
    async with rig.database.transaction() as tx:
        people = [(uuid.uuid4(), uuid.uuid4()) for _ in range(interns)]
        template = await tx.conn.fetchval(
            "select body::text from participants where participant_id = $1", host.participant_id
        )
        await tx.conn.executemany(
            """insert into participants (participant_id, edition_id, state, role, lot, body, since)
               values ($1, $2, 'registered', 'intern', $3, $4::jsonb || '{"role": "intern"}', $5)""",
            [(one, cast.edition_id, one.hex * 2, template, tx.now) for one, _ in people],
        )
        await tx.conn.executemany(
            """insert into contacts (contact_id, participant_id, relation, name, epoch)
               values ($1, $2, 'self', $3, 1)""",
            [(uuid.uuid4(), one, f"Person {number}") for number, (one, _) in enumerate(people)],
        )
        await tx.conn.executemany(
            """insert into placements (placement_id, edition_id, intern_id, host_id, origin, reasons, first_day, last_day,
                   answer_by, state, accepted, last_version, words, disputed, due_at)
               values ($1, $2, $3, $4, 'matched', '{}', '2018-09-10', '2018-09-12', $5, $6, '{}', 0, '{}', $7, $5)""",
            [
                (
                    placement,
                    cast.edition_id,
                    one,
                    host.participant_id,
                    tx.now + timedelta(hours=number % 7),
                    "proposed" if number % 4 else "signed",
                    number % 8 == 0,
                )
                for number, (one, placement) in enumerate(people)
                if number % 2 or number % 8 == 0
            ],
        )
        await tx.conn.execute(
            """insert into history (placement_id, at, act, actor_kind)
               select placement_id, answer_by, 'MatchProposed', 'clock' from placements"""
        )
