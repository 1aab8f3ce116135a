"""Words find whoever has them anywhere in a name, an organisation or a unit: the same few and the same many, rare words and common."""

import json
from uuid import UUID

import pytest
from matching.cast import Cast
from rig import Rig

from ipraktik_matching.store.board import people

INTERNS, WITHDRAWN = 400, 20
ORGANISATIONS = (
    "Aarhus Kommune",
    "Ærø Kommune",
    "100% Is_og Vafler",
    "Vejle Gymnasieskole",
    "Kommunernes Ø!",
)
NAMES = ("Åse Østergaard", "Bo Jensen", "Mette-Marie Ib", "Søren Skov", "Zoë Kommuneriis")
WORDS = (
    "kommune",
    "KOMMUNE",
    "ærø",
    "ÆRØ K",
    "100%",
    "s_o",
    "a_r",
    "ø!",
    "skole",
    "åse øst",
    "ib",
    "nr 37",
    "leder 5",
    "kom",
    "xyzzy",
)


def organisation(number: int) -> str:
    """Few share a name with many others: the last hundred have one each."""
    return ORGANISATIONS[number % 5] if number < 300 else f"Sted nr {number}"


def name(number: int) -> str:
    return f"{NAMES[number % 5]} {number}"


def id_of(number: int) -> UUID:
    return UUID(int=number + 1)


@pytest.fixture
async def crowd(rig: Rig, cast: Cast) -> Cast:
    """Some hundred sign-ups with a leader each, the first of them withdrawn; one in three is a host."""
    numbers = range(INTERNS)
    async with rig.database.transaction() as tx:
        await tx.conn.executemany(
            "insert into participants (participant_id, edition_id, state, role, body) values ($1, $2, $3, $4, $5)",
            [
                (
                    id_of(number),
                    cast.edition_id,
                    "withdrawn" if number < WITHDRAWN else "registered",
                    "host" if number % 3 == 0 else "intern",
                    json.dumps({"workplace": {"organisation_name": organisation(number)}}),
                )
                for number in numbers
            ],
        )
        await tx.conn.executemany(
            """insert into contacts (contact_id, participant_id, relation, name, epoch, unit_name) values ($1, $2, $3, $4, 1, $5)""",
            [(UUID(int=10_000 + number), id_of(number), "self", name(number), "") for number in numbers]
            + [
                (UUID(int=20_000 + number), id_of(number), "manager", f"Leder {number}", "Kontor")
                for number in numbers
            ],
        )
    return cast


def having(words: str, *, taking_part: bool = False, role: str = "") -> list[UUID]:
    """Who has the words, looked through one by one."""
    sought = words.casefold()
    return [
        id_of(number)
        for number in range(WITHDRAWN if taking_part else 0, INTERNS)
        if any(sought in one.casefold() for one in (organisation(number), name(number), f"Leder {number}"))
        and role in ("", "host" if number % 3 == 0 else "intern")
    ]


@pytest.mark.parametrize("words", WORDS)
async def test_who_has_the_words_is_found_whoever_else_has_them(rig: Rig, crowd: Cast, words: str) -> None:
    edition_id = crowd.edition_id
    async with rig.database.reading() as conn:
        for limit in (1, 21, 500):
            assert await people.find(conn, words=words, limit=limit) == having(words)[:limit]
            assert (
                await people.find(
                    conn, words=words, edition_id=edition_id, role="host", registered=True, limit=limit
                )
                == having(words, taking_part=True, role="host")[:limit]
            )
        assert await people.find(conn, words=words, edition_id=edition_id) == having(words)
        assert await people.find(conn, words=words, edition_id=UUID(int=0), limit=21) == []


@pytest.mark.parametrize("words", WORDS)
async def test_organisations_are_counted_whole(rig: Rig, crowd: Cast, words: str) -> None:
    wanted: dict[str, list[int]] = {}
    for number in range(WITHDRAWN, INTERNS):
        if words.casefold() in organisation(number).casefold():
            wanted.setdefault(organisation(number), [0, 0])[number % 3 == 0] += 1
    async with rig.database.reading() as conn:
        for limit in (1, 20):
            found = await people.organisations(conn, words=words, limit=limit)
            told = {one.name: [one.interns, one.hosts] for one in found}
            assert len(told) == min(limit, len(wanted))
            assert told.items() <= wanted.items()
            assert {one.edition_id for one in found} <= {crowd.edition_id}


async def test_organisations_come_in_one_order_however_many_there_are(rig: Rig, crowd: Cast) -> None:
    async with rig.database.reading() as conn:
        all_of_them = await people.organisations(conn, words="s", limit=500)
        for limit in (1, 7, 20):
            assert await people.organisations(conn, words="s", limit=limit) == all_of_them[:limit]


async def test_who_is_erased_is_not_found(rig: Rig, crowd: Cast) -> None:
    async with rig.database.transaction() as tx:
        await tx.conn.execute(
            "update contacts set erased = true, name = '' where participant_id = $1", id_of(337)
        )
    async with rig.database.reading() as conn:
        assert await people.find(conn, words=name(337), limit=21) == []
        assert await people.find(conn, words=f"Sted nr {338}", limit=21) == [id_of(338)]
        assert await people.find(conn, words=str(id_of(337)), limit=21) == [id_of(337)]
