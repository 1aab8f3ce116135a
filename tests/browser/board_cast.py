"""An edition of the board and its people who act without a web application of their own, for the browser has the only one."""

import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

from matching.cast import Cast, Person
from rig import Rig

from ipraktik_contracts.fields import Days, Workplace
from ipraktik_matching.domain.facts import Party
from ipraktik_matching.domain.placement import ANSWERING, PARTIES, Placement
from ipraktik_matching.store import contacts
from ipraktik_matching.store.contacts import Contact
from ipraktik_matching.store.history import Actor
from ipraktik_matching.usecases.answer_proposal import answer_proposal
from ipraktik_matching.usecases.approve_agreement import approve_agreement
from ipraktik_matching.usecases.request_run import request_run
from ipraktik_matching.usecases.say_how_the_stay_went import say_how_the_stay_went
from ipraktik_matching.usecases.solve_next_run import solve_next_run

LONG = "Kompetenceudviklingsforvaltningens tværgående innovationssekretariat i Region Nordjylland"
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
