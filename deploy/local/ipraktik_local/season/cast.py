"""Who is who in a season: from an address to the person behind it, from a sign-up's id to the season's own name."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .people import Person


@dataclass
class Cast:
    """Everybody who gets mail in a season."""

    people: dict[str, Person] = field(default_factory=dict)
    by_address: dict[str, tuple[str, str]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    circles: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Person]) -> "Cast":
        """The cast of a population: each one's own address, the manager's and the reserve's."""
        cast = cls()
        for person in people:
            cast.people[person.ref] = person
            cast.by_address[person.email] = (person.ref, person.role)
            for relation in ("manager", "reserve"):
                if person.body.get(relation):
                    cast.by_address[str(person.body[relation]["email"])] = (person.ref, relation)
        cast._draw_circles()
        return cast

    def circle(self, ref: str) -> str:
        """The name of the circle of people who have named each other; what they do is done one after the other."""
        return self.circles.get(ref, ref)

    def _draw_circles(self) -> None:
        addresses = {person.email: person.ref for person in self.people.values()}
        members = {ref: {ref} for ref in self.people}
        for person in self.people.values():
            for naming in ("companion", "self_found_host", "self_found_intern", "host_in_mind"):
                named = person.body.get(naming)
                other = addresses.get(str(named["email"])) if named else None
                if other is not None and members[other] is not members[person.ref]:
                    joined = members[other] | members[person.ref]
                    for ref in joined:
                        members[ref] = joined
        self.circles = {ref: min(circle) for ref, circle in members.items()}

    def who(self, address: str) -> tuple[str, str]:
        """(season's name, part) of an address: part is intern, host, manager, reserve, or stranger for anybody else."""
        return self.by_address.get(address.lower(), ("", "stranger"))

    def signed_up(self, person: Person, participant_id: str) -> None:
        """Note the id that a sign-up was given."""
        self.refs[participant_id] = person.ref
