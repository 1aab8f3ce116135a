"""The coordinators' board: every page in every state, with one edition full of life, one that is over and one that is empty."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from browser.board_hands import moved_on, send, suppose_nothing, typed, weightless
from browser.stops import Stop
from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.fields import Days, Workplace
from ipraktik_matching.domain.facts import Party
from ipraktik_matching.domain.placement import ANSWERING, PARTIES, Placement
from ipraktik_matching.store import contacts, pair_rules
from ipraktik_matching.store.contacts import Contact
from ipraktik_matching.store.history import Actor
from ipraktik_matching.store.pair_rules import PairRule
from ipraktik_matching.usecases.answer_proposal import answer_proposal
from ipraktik_matching.usecases.approve_agreement import approve_agreement
from ipraktik_matching.usecases.cancel_run import cancel_run
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.say_how_the_stay_went import say_how_the_stay_went
from ipraktik_matching.usecases.solve_next_run import solve_next_run

SERVICE = "matching"
ROOT = "/matching/board"
LONG = "Kompetenceudviklingsforvaltningens tværgående innovationssekretariat i Region Nordjylland"
TODAY = datetime(2018, 4, 9, 8, tzinfo=UTC)
_PEOPLE = (
    "Åse Østergaard",
    "Søren Ærø",
    "Ida Holm",
    "Omar Khan",
    "Anne-Sofie Bierberg-Christoffersen",
    "Bo Li",
)
_HOSTS = ("Vejle Kommune", "Erhvervsstyrelsen", LONG, "Lejre Kommune")


class Edition(Cast):
    """An edition and its people who act without a web application of their own: the browser has the only one."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.edition_id = uuid.uuid4()

    async def answers(self, placement: Placement, party: Party, *, accept: bool) -> None:
        """A party answers a proposal."""
        async with self.rig.database.transaction() as tx:
            await answer_proposal(
                tx,
                placement_id=placement.placement_id,
                party=party,
                accept=accept,
                reason="capacity",
                actor=await self._actor(placement, party),
            )

    async def signed(self, placement: Placement) -> None:
        """Both say yes and all three approve."""
        for answering in ANSWERING:
            await self.answers(placement, answering, accept=True)
        current = (await self.placement(placement.placement_id)).current
        assert current is not None
        for party in PARTIES:
            async with self.rig.database.transaction() as tx:
                await approve_agreement(
                    tx,
                    placement_id=placement.placement_id,
                    party=party,
                    version=1,
                    fingerprint=current.fingerprint,
                    actor=await self._actor(placement, party),
                )

    async def says(self, placement: Placement, party: Party, *, held: bool) -> None:
        """A party says how the stay went."""
        async with self.rig.database.transaction() as tx:
            await say_how_the_stay_went(
                tx,
                placement_id=placement.placement_id,
                party=party,
                held=held,
                actor=await self._actor(placement, party),
            )

    async def _actor(self, placement: Placement, party: Party) -> Actor:
        return Actor("contact", str((await self._contact(placement, party)).contact_id))

    async def _contact(self, placement: Placement, party: Party) -> Contact:
        who = placement.host_id if party == "host" else placement.intern_id
        async with self.rig.database.reading() as conn:
            found = await contacts.of_participants(conn, participant_ids=[who])
        return next(one for one in found if one.relation == ("manager" if party == "manager" else "self"))


async def new_edition(rig: Rig, name: str, **different: Any) -> Edition:
    """An edition of one's own."""
    cast = Edition(rig)
    await rig.tell(cast.edition(name=name, **different))
    return cast


async def joins(cast: Cast, role: str, name: str, organisation: str, **different: Any) -> Person:
    """Somebody with a name and an organisation."""
    person = Person(role=role)
    work = Workplace(
        organisation_id=uuid.uuid4(),
        workplace_id=uuid.uuid4(),
        organisation_name=organisation,
        sector="municipal",
        ownership="public",
        municipality_code="0630",
        country="DK",
        ministerial_area=None,
    )
    await cast.rig.tell(
        cast.contact(person, "self", name=name),
        cast.contact(person, person.second, name=f"{name} (2)"),
        cast.body(person, **({"workplace": work} | different)),
    )
    return person


async def peopled(cast: Cast, *, interns: int = 6, hosts: int = 3) -> tuple[list[Person], list[Person]]:
    """Interns and hosts, more interns than places."""
    travelling = [
        await joins(
            cast,
            "intern",
            _PEOPLE[number % len(_PEOPLE)],
            "Aalborg Kommune",
            wishes={"fields": ["law", "health"], "areas": ["region:syddanmark"]},
            days=Days(min=2, max=3),
        )
        for number in range(interns)
    ]
    receiving = [
        await joins(
            cast, "host", f"Vært {number}", _HOSTS[number % len(_HOSTS)], field=("law", "digital")[number % 2]
        )
        for number in range(hosts)
    ]
    return travelling, receiving


async def solved(cast: Cast) -> UUID:
    """A run that the real solver has solved."""
    async with cast.rig.database.transaction() as tx:
        run_id = await request_run(tx, edition_id=cast.edition_id, requested_by="Kim Koordinator")
    await solve_next_run(cast.rig.database)
    cast.rig.clock.advance(timedelta(minutes=1))
    return run_id


async def _failed(cast: Cast) -> UUID:
    async def fails(_: str) -> str:
        raise ValueError("No plan was found within the limit of work.")

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
    failed = await _failed(cast)
    stopped = await _stopped(cast)
    late = [await joins(cast, "host", "Vært for sent", "Lejre Kommune", capacity=2)]
    newer = await solved(cast)
    contradicted, unlucky = await _contradicted(rig)
    full, newcomer = await _late(rig)
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
