"""Every replica of registration is replaced, one after the other and twice, while people sign up: nobody is refused."""

import asyncio
from collections import Counter
from pathlib import Path

import asyncpg
import httpx
import pytest
from rollout.conftest import REPLICAS, replicated
from rollout.previous import CURRENT

from ipraktik_local.season.calendar import Calendar
from ipraktik_local.season.draw import Draw
from ipraktik_local.season.office import Office
from ipraktik_local.season.people import Person, population

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
SIDE_BY_SIDE = 4
MOST = 20_000


async def test_no_sign_up_is_refused_while_replicas_are_replaced(home: Path) -> None:
    with replicated(home, services=("registration", "notify")) as replicas:
        env = replicas.stack.env
        rolled = asyncio.Event()
        waiting = iter(population(Draw(7), MOST, days=1))
        answers: Counter[int] = Counter()

        async with httpx.AsyncClient(timeout=30) as client:
            office = Office(client, {"registration": env["REGISTRATION_URL"]}, env["COORDINATOR_TOKEN"])
            edition_id = await office.open_edition(Calendar(), seed=7)

            async def keep_signing_up() -> None:
                while not rolled.is_set():
                    answers[
                        await sign_up(client, office.urls["registration"], next(waiting), edition_id)
                    ] += 1

            async with asyncio.TaskGroup() as group:
                for _ in range(SIDE_BY_SIDE):
                    group.create_task(keep_signing_up())
                for number in (*range(1, REPLICAS + 1), *range(1, REPLICAS + 1)):
                    await asyncio.to_thread(replicas.roll, number, to=CURRENT, services=("registration",))
                rolled.set()

        assert set(answers) == {201}, answers
        assert answers[201] > 100
        assert replicas.errors == []
        conn = await asyncpg.connect(env["DATABASE_URL_REGISTRATION"])
        try:
            assert await conn.fetchval("select count(*) from participant") == answers[201]
        finally:
            await conn.close()


async def sign_up(client: httpx.AsyncClient, url: str, person: Person, edition_id: str) -> int:
    """Post one sign-up, once; the status of the answer."""
    response = await client.post(
        f"{url}/api/v1/{'interns' if person.role == 'intern' else 'hosts'}",
        json={"edition_id": edition_id, **person.body},
        headers={"idempotency-key": person.key},
    )
    return response.status_code
