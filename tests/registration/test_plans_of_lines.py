"""The coordinators' list has a line per sign-up, written by triggers: how the server plans that is a third of what a sign-up costs it."""

import pytest
from registration.desk import Desk, host, intern
from rig import Rig

_KEPT = "select proconfig from pg_proc where proname = $1"


@pytest.mark.parametrize("function", ["keep_lines_of_new", "write_sign_up_lines"])
async def test_what_writes_lines_is_planned_once_for_each_connection(rig: Rig, function: str) -> None:
    async with rig.database.reading() as conn:
        assert await conn.fetchval(_KEPT, function) == ["plan_cache_mode=force_generic_plan"]


async def test_lines_are_right_however_often_the_plan_is_used(desk: Desk) -> None:
    """The first five times a plan is made for the very values; what is kept comes after them."""
    await desk.open_edition()
    for number in range(9):
        await desk.sign_up(intern(name=f"Intern {number}"))
        await desk.register(host(name=f"Host {number}"))
    async with desk.rig.database.reading() as conn:
        rows = await conn.fetch(
            "select l.name, l.state from sign_up_line l join sign_up_line_now n using (participant_id) "
            "where (l.name, l.state, l.email, l.organisation, l.words) = (n.name, n.state, n.email, n.organisation, n.words) "
            "order by 1"
        )
    assert [tuple(row) for row in rows] == [
        *((f"Host {number}", "registered") for number in range(9)),
        *((f"Intern {number}", "unconfirmed") for number in range(9)),
    ]
