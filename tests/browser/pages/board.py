"""The coordinators' board: every page in every state, with one edition full of life, one that is over and one that is empty."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from browser.board_cast import LONG, joins, new_edition, peopled, solved
from browser.board_hands import moved_on, send, suppose_nothing, typed, weightless
from browser.stops import Stop
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.fields import Days
from ipraktik_matching.domain.placement import ANSWERING
from ipraktik_matching.puzzle import PuzzleError, limits
from ipraktik_matching.store import pair_rules, runs
from ipraktik_matching.store.pair_rules import PairRule
from ipraktik_matching.usecases.cancel_run import cancel_run
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.solve_next_run import solve_next_run

SERVICE = "matching"
ROOT = "/matching/board"
TODAY = datetime(2018, 4, 9, 8, tzinfo=UTC)


async def _failed(cast: Cast, error: ValueError) -> UUID:
    async def fails(_: str) -> str:
        raise error

    async with cast.rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="Kim Koordinator")
    await solve_next_run(cast.rig.database, solve=fails)
    return run_id


async def _stopped(cast: Cast) -> UUID:
    async with cast.rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="Kim Koordinator")
        await cancel_run(tx, run_id=run_id, by="Robin")
    return run_id


async def _contradicted(rig: Rig) -> tuple[UUID, Person]:
    """A run of an edition where somebody names a companion who is not there, and a pair is pinned that cannot meet."""
    cast = await new_edition(rig, "Modsigelser")
    host = await joins(cast, "host", "Vært i tankerne", LONG, days=Days(min=4, max=5))
    travelling = [
        await joins(
            cast,
            "intern",
            name,
            "Aalborg Kommune",
            companion_id=uuid.uuid4(),
            host_in_mind_id=host.participant_id,
            days=Days(min=2, max=3),
        )
        for name in ("Åse Østergaard", "Ida Holm")
    ]
    return await solved(cast), travelling[0]


async def _late(rig: Rig) -> tuple[UUID, Person]:
    """A run that leaves nobody, and somebody who comes after it and gets in where another moves."""
    cast = await new_edition(rig, "For sent")
    await joins(cast, "host", "Vært med lang tid", LONG, field="law")
    await joins(cast, "host", "Vært med kort tid", "Lejre Kommune", field="health", days=Days(min=2, max=3))
    await joins(cast, "intern", "Bo Li", "Aalborg Kommune", wishes={"fields": ["law"]})
    run_id = await solved(cast)
    late = await joins(cast, "intern", "Ida Holm", "Aalborg Kommune", days=Days(min=4, max=5))
    return run_id, late


async def _uneven(rig: Rig) -> tuple[UUID, UUID, UUID]:
    """A run whose best plan in all gives one much and one little; and two whose plans say of themselves what is not so: that the
    edition is very large, and that they are of another puzzle."""
    cast = await new_edition(rig, "Ulige")
    state = cast.body(Person(role="host")).workplace.model_copy(
        update={"sector": "state", "organisation_name": LONG}
    )
    sought = await joins(cast, "host", "Vært, som to vil til", LONG, field="law", workplace=state)
    await joins(cast, "host", "Vært, som ingen vil til", "Lejre Kommune", field="culture")
    await joins(
        cast,
        "intern",
        "Bo Li",
        "Aalborg Kommune",
        wishes={"fields": ["law"]},
        host_in_mind_id=sought.participant_id,
    )
    await joins(
        cast,
        "intern",
        "Ida Holm",
        "Aalborg Kommune",
        wishes={"fields": ["law"], "sectors": ["state"]},
    )
    run_id = await solved(cast)
    async with rig.database.reading() as conn:
        plan = await runs.plan_of(conn, run_id=run_id)
    assert plan is not None
    too_large = await _saying(cast, plan, seats=1_000_000)
    return run_id, too_large, await _saying(cast, plan, input_digest="0" * 64)


async def _saying(cast: Cast, plan: str, **figures: object) -> UUID:
    """A run with that plan, which says these figures of itself."""
    told = json.loads(plan)

    async def solve(_: str) -> str:
        return json.dumps({**told, "stats": {**told["stats"], **figures}})

    async with cast.rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="Kim Koordinator")
    await solve_next_run(cast.rig.database, solve=solve)
    cast.rig.clock.advance(timedelta(minutes=1))
    return run_id


async def _nobody(rig: Rig) -> UUID:
    """A run that places nobody."""
    cast = await new_edition(rig, "Ingen værter")
    await joins(cast, "intern", "Ida Holm", "Aalborg Kommune")
    return await solved(cast)


async def _over(rig: Rig) -> UUID:
    """An edition whose one stay is contradicted."""
    rig.clock.instant = datetime(2018, 2, 1, 9, tzinfo=UTC)
    cast = await new_edition(rig, "Forår 2018", dates={"first_day": "2018-03-19", "last_day": "2018-03-23"})
    await peopled(cast, interns=1, hosts=1)
    await cast.releases(await solved(cast))
    (placement,) = await cast.placements()
    await cast.signed(placement)
    rig.clock.instant = datetime(2018, 3, 20, 15, tzinfo=UTC)
    await cast.says(placement, "intern", held=True)
    await cast.says(placement, "host", held=False)
    return placement.placement_id


async def _rule(cast: Cast, intern: Person, host: Person, kind: str, *, undone: bool = False) -> None:
    rule = PairRule(
        uuid.uuid4(),
        cast.edition_id,
        intern.participant_id,
        host.participant_id,
        kind,  # type: ignore[arg-type]  # one of the two
        "agreed" if kind == "must" else "conflict",
        "Vi har talt med dem begge to.",
        "Kim Koordinator",
        cast.rig.clock.now(),
    )
    async with cast.rig.database.transaction() as tx:
        await pair_rules.add(tx.conn, rule)
        if undone:
            await pair_rules.undo(tx.conn, rule_id=rule.rule_id, by="Robin", now=tx.now)


async def stops(rig: Rig) -> list[Stop]:
    """Every page of the board."""
    disputed = await _over(rig)
    rig.clock.instant = TODAY
    cast = await new_edition(rig, "Uge 37")
    travelling, _ = await peopled(cast)
    older = await solved(cast)
    await cast.releases(await solved(cast))
    first, second, *_ = await cast.placements()
    for party in ANSWERING:
        await cast.answers(first, party, accept=True)
    await cast.answers(second, "host", accept=False)
    failed = await _failed(cast, ValueError("No plan was found within the limit of work."))
    too_many = limits.too_many(interns=limits.MOST_ROWS, hosts=limits.MOST_ROWS)
    assert too_many is not None
    crowded = await _failed(cast, PuzzleError([too_many]))
    stopped = await _stopped(cast)
    late = [await joins(cast, "host", "Vært for sent", "Lejre Kommune", capacity=2)]
    newer = await solved(cast)
    contradicted, unlucky = await _contradicted(rig)
    full, newcomer = await _late(rig)
    fairer, too_large, not_its_own = await _uneven(rig)
    nobody = await _nobody(rig)
    await rig.run_jobs()
    free = [one for one in travelling if one.participant_id != first.intern_id]
    await _rule(cast, free[0], late[0], "must")
    await _rule(cast, free[1], late[0], "never", undone=True)
    waiting = await new_edition(
        rig, "Efterår 2019", dates={"first_day": "2019-09-09", "last_day": "2019-09-13"}
    )
    await peopled(waiting, interns=1, hosts=1)
    # asked for so late that no test's own run, which comes before it, is ever taken for it
    now, rig.clock.instant = rig.clock.instant, datetime(2018, 12, 1, 9, tzinfo=UTC)
    async with rig.database.transaction() as tx:
        queued = await request_run(tx, edition_id=waiting.edition_id, requested_by="Kim Koordinator")
    rig.clock.instant = now
    empty = await new_edition(
        rig, "Uge 37 i 2020", dates={"first_day": "2020-09-07", "last_day": "2020-09-11"}
    )
    here, nothing = f"?edition={cast.edition_id}", f"?edition={empty.edition_id}"
    pair = f"{here}&intern={free[2].participant_id}&host={late[0].participant_id}"
    return [
        _stop("queue", here),
        _stop("queue-empty", nothing),
        _stop("balance", f"/balance{here}"),
        _stop("balance-empty", f"/balance{nothing}"),
        _stop("runs", f"/runs{here}"),
        _stop("run-waiting", f"/runs/{queued}"),
        _stop("run-failed", f"/runs/{failed}"),
        _stop("run-too-many", f"/runs/{crowded}"),
        _stop("run-stopped", f"/runs/{stopped}"),
        _stop("run-remarks", f"/runs/{contradicted}"),
        _stop("runs-error", f"/runs{here}", act=weightless, status=422),
        _stop("left", f"/runs/{newer}/left"),
        _stop("left-nobody", f"/runs/{full}/left"),
        _stop("hosts-wanted", f"/hosts-wanted{here}"),
        _stop("hosts-wanted-none", f"/hosts-wanted{nothing}"),
        _stop("what-if", f"/runs/{newer}/what-if"),
        _stop(
            "what-if-both",
            f"/runs/{newer}/what-if?try=1&host={late[0].participant_id}&seats=0&weight_area=20",
        ),
        _stop("what-if-error", f"/runs/{newer}/what-if", act=suppose_nothing, status=422),
        _stop("what-if-price", f"/runs/{newer}/what-if?try=1&keep_open=0&keep_draft=0&move_open=yes"),
        _stop("what-if-too-large", f"/runs/{too_large}/what-if"),
        _stop("fair", f"/runs/{fairer}/fair"),
        _stop("fair-at-best", f"/runs/{full}/fair"),
        _stop("fair-nobody", f"/runs/{nobody}/fair"),
        _stop("fair-failed", f"/runs/{not_its_own}/fair"),
        _stop("fair-too-large", f"/runs/{too_large}/fair"),
        _stop("ways", f"/interns/{newcomer.participant_id}/ways"),
        _stop("ways-none", f"/interns/{unlucky.participant_id}/ways"),
        _stop("ways-seated", f"/interns/{first.intern_id}/ways"),
        _stop("run", f"/runs/{newer}"),
        _stop("why", f"/runs/{newer}/interns/{free[2].participant_id}"),
        _stop("compare", f"/runs/compare?before={older}&after={newer}"),
        _stop("release", f"/runs/{newer}/release"),
        _stop("release-error", f"/runs/{newer}/release", act=send, status=422),
        _stop("release-refused", f"/runs/{older}/release", status=409),
        _stop("rules", f"/rules{here}"),
        _stop("rule-found", f"/rules/new{here}&intern={free[2].participant_id}", act=typed("vært")),
        _stop("rule-error", f"/rules/new{pair}", act=send, status=422),
        _stop("cases", f"/cases{here}"),
        _stop("cases-found", f"/cases{here}", act=typed("kommune")),
        _stop("case-agreement", f"/cases/{first.placement_id}"),
        _stop("case-error", f"/cases/{first.placement_id}", act=send, status=422),
        _stop("case-moved-on", f"/cases/{first.placement_id}", act=moved_on, status=409),
        _stop("case-disputed", f"/cases/{disputed}"),
        _stop("case-ended", f"/cases/{second.placement_id}"),
        _stop("case-nowhere", f"/cases/{uuid.UUID(int=1)}", status=404),
        _stop("search", "/search", act=typed("kommune")),
        _stop("search-error", "/search", act=typed("x"), status=422),
    ]


def _stop(name: str, path: str, **more: Any) -> Stop:
    return Stop(f"board-{name}", f"{ROOT}{path}", coordinator=True, **more)
