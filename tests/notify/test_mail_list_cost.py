"""What a page of the mail list costs does not grow with the list."""

import hashlib
from collections.abc import Awaitable, Callable
from functools import partial
from html import unescape
from typing import cast
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from counting import Counting
from notify.conftest import Notify
from notify.facts import NOW, Story

from ipraktik_chassis.transaction import Connection
from ipraktik_local.postgres import PostgresServer
from ipraktik_notify.store import mail_list, questions
from ipraktik_notify.store.find_people import find_people
from ipraktik_notify.store.mail_list import Narrowing
from ipraktik_notify.usecases.remind_now import REMINDERS


async def _page(desk: httpx.AsyncClient, path: str, **query: str) -> str:
    answer = await desk.get(path, params=query or None)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


@pytest.mark.timeout(120)
async def test_a_page_of_the_list_costs_the_same_however_long_the_list_is(
    notify: Notify, story: Story, desk: httpx.AsyncClient, postgres: PostgresServer
) -> None:
    """Counted in pages that the database touches, not in time: with a hundred and forty times the people twice as many at most,
    or a handful for each row that is shown, where the few fitted into a few pages."""
    await notify.tell(story.edition())
    costs: dict[int, dict[str, int]] = {}
    for people in (142, 20_000):
        await _fill(notify, story, postgres, people=people)
        costs[people] = await _touched(notify)
    assert set(costs[142]) == set(costs[20_000])
    for what, few in costs[142].items():
        assert costs[20_000][what] <= max(2 * few, 12 * 51), (what, costs)
    page = await _page(desk, "/notify/mails")
    assert page.count("<tr>") == 51


async def _fill(notify: Notify, story: Story, postgres: PostgresServer, *, people: int) -> None:
    """So many people with four mails each, one in fifty of them failed."""
    async with notify.rig.database.transaction() as tx:
        await tx.conn.execute("delete from mail")
        await tx.conn.execute("delete from contact")
        await tx.conn.execute(
            """
            insert into contact (contact_id, participant_id, relation, name, email, language, unit_name)
            select md5('c' || n)::uuid, md5('p' || n)::uuid, 'self', 'Navn' || n || ' Efternavn', 'n' || n || '@example.org', 'da', ''
            from generate_series(1, $1) n
            """,
            people,
        )
        await tx.conn.execute(
            """
            insert into mail (id, fact_id, kind, party, recipient, contact_id, edition_id, participant_id, subject_id, facts, names,
                              bodies, awaits, needs_placement, needs_erased, needs_aggregate, holdable, give_up_at, state,
                              created_at, useless_after)
            select lpad(to_hex(n * 10 + k), 32, '0')::uuid, md5('f' || n || '-' || k)::uuid,
                   (array['registered', 'proposal', 'agreement_draft', 'evaluation_wanted'])[k], 'intern', 'intern',
                   md5('c' || n)::uuid, $2, md5('p' || n)::uuid, md5('s' || n || '-' || k)::uuid, '{}', '{}', '{}', '{}', false, false,
                   false, true, $3, case when n % 50 = 0 then 'failed' else 'sent' end, $3,
                   case when k > 1 then $3::timestamptz + interval '30 days' end
            from generate_series(1, $1) n, generate_series(1, 4) k
            """,
            people,
            story.edition_id,
            NOW,
        )
    name = urlsplit(notify.rig.database_url).path
    owner = await asyncpg.connect(urlunsplit(urlsplit(postgres.admin_url)._replace(path=name)))
    try:
        await owner.execute("vacuum analyze")  # the server's own housekeeping would do it in its time
    finally:
        await owner.close()


async def _touched(notify: Notify) -> dict[str, int]:
    """How many pages of the database each look touches."""
    person = UUID(bytes=hashlib.md5(b"p70", usedforsecurity=False).digest())
    looks: dict[str, Callable[[Connection], Awaitable[object]]] = {
        name: partial(mail_list.page, narrowing=narrowing, before=None, limit=51)
        for name, narrowing in {
            "all": Narrowing(),
            "failed": Narrowing(failed=True),
            "kind": Narrowing(kind="agreement_draft"),
            "held": Narrowing(state="held"),
            "edition": Narrowing(edition_id=uuid4()),
            "person": Narrowing(about=person),
        }.items()
    }
    looks["name"] = partial(find_people, words="navn70 efter")
    looks["questions"] = partial(
        questions.open_questions,
        reminders=REMINDERS,
        kinds=["agreement_draft", "proposal"],
        now=NOW,
        after=None,
        limit=51,
    )
    touched: dict[str, int] = {}
    async with notify.rig.database.reading() as conn:
        for name, look in looks.items():
            counted = Counting(conn)
            await look(cast("Connection", counted))
            touched[name] = counted.blocks
    return touched
