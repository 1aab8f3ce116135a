"""One intern, one host and one placement, told as events: a test says only what matters to it."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from ipraktik_chassis.ids import new_id
from ipraktik_contracts import events
from ipraktik_contracts.events import Event
from ipraktik_contracts.fields import Days, Period, Window, Wishes, Workplace

NOW = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)
FINGERPRINT = "a" * 64

Relation = Literal["self", "reserve", "manager", "invited"]


def _id() -> UUID:
    return new_id(NOW)


@dataclass
class Story:
    """Ids and addresses of its own, so that stories share a mail server without meeting."""

    language: Literal["da", "en"] = "da"
    mark: str = field(default_factory=lambda: secrets.token_hex(4))
    edition_id: UUID = field(default_factory=_id)
    intern_id: UUID = field(default_factory=_id)
    host_id: UUID = field(default_factory=_id)
    placement_id: UUID = field(default_factory=_id)
    evaluation_id: UUID = field(default_factory=_id)
    intern_contact: UUID = field(default_factory=_id)
    manager_contact: UUID = field(default_factory=_id)
    host_contact: UUID = field(default_factory=_id)
    reserve_contact: UUID = field(default_factory=_id)

    def address(self, who: str) -> str:
        """The address of intern, manager, host, …"""
        return f"{who}.{self.mark}@example.org"

    def edition(
        self, *, hold_mails: bool = False, mode: Literal["campaign", "rolling"] = "campaign"
    ) -> Event:
        return events.EditionChanged(
            edition_id=self.edition_id,
            name="Innovationspraktik 2018",
            mode=mode,
            window=Window(opens_at=NOW, closes_at=NOW + timedelta(days=60)),
            dates=Period(first_day=date(2018, 9, 10), last_day=date(2018, 9, 14)),
            answer_days=14,
            sign_days=30,
            follow_up=3,
            hold_mails=hold_mails,
        )

    def contact(self, who: str, **changes: Any) -> events.ContactChanged:
        fields: dict[str, Any] = {
            "intern": {
                "contact_id": self.intern_contact,
                "participant_id": self.intern_id,
                "relation": "self",
                "name": "Søren Ærø",
                "unit_name": "Borgerservice",
            },
            "manager": {
                "contact_id": self.manager_contact,
                "participant_id": self.intern_id,
                "relation": "manager",
                "name": "Åse Leder",
            },
            "host": {
                "contact_id": self.host_contact,
                "participant_id": self.host_id,
                "relation": "self",
                "name": "Hanne Vært",
                "unit_name": "Biblioteket",
            },
            "reserve": {
                "contact_id": self.reserve_contact,
                "participant_id": self.host_id,
                "relation": "reserve",
                "name": "Rikke Reserve",
            },
        }[who]
        usual = {"email": self.address(who), "language": self.language, "epoch": 1}
        return events.ContactChanged(**{**usual, **fields, **changes})

    def registered(self, who: Literal["intern", "host"], **changes: Any) -> events.ParticipantRegistered:
        place = "Vejle Kommune" if who == "host" else "Frederikshavn Kommune"
        fields: dict[str, Any] = {
            "participant_id": self.intern_id if who == "intern" else self.host_id,
            "edition_id": self.edition_id,
            "role": who,
            "workplace": Workplace(
                organisation_id=_id(),
                workplace_id=_id(),
                organisation_name=place,
                sector="municipal",
                ownership="public",
                municipality_code="0630",
                country="DK",
                ministerial_area=None,
            ),
            "field": "libraries",
            "wishes": Wishes(),
            "journey_type": "tourist" if who == "intern" else None,
            "days": Days(min=2, max=5),
            "capacity": 1 if who == "host" else None,
            "lot": "0" * 64,
        }
        return events.ParticipantRegistered(**{**fields, **changes})

    def people(self) -> list[Event]:
        """Everything that must be known before the placement's mails can be written."""
        return [
            self.edition(),
            *(self.contact(who) for who in ("intern", "manager", "host")),
            self.registered("intern"),
            self.registered("host"),
        ]

    def withdrawn(self, who: Literal["intern", "host"], reason: str = "own_wish") -> Event:
        return events.ParticipantWithdrawn(
            participant_id=self.intern_id if who == "intern" else self.host_id,
            edition_id=self.edition_id,
            reason=reason,
        )

    def erased(self, who: Literal["intern", "host"]) -> Event:
        return events.ParticipantErased(
            participant_id=self.intern_id if who == "intern" else self.host_id, edition_id=self.edition_id
        )

    def of_placement(self, event: type[Event], **fields: Any) -> Event:
        """An event of the placement; days, deadlines and versions as usual unless said."""
        usual: dict[str, Any] = {
            "run_id": None,
            "origin": "matched",
            "first_day": date(2018, 9, 10),
            "last_day": date(2018, 9, 14),
            "answer_by": NOW + timedelta(days=14),
            "reasons": (),
            "party": "intern",
            "both": False,
            "silent": ("host",),
            "version": 1,
            "fingerprint": FINGERPRINT,
            "sign_by": NOW + timedelta(days=30),
            "standing_version": 1,
            "changed": ("dates",),
            "missing": ("manager",),
            "by": "host",
            "decided_by": "silence",
            "group_id": None,
        }
        own = {
            "placement_id": self.placement_id,
            "edition_id": self.edition_id,
            "intern_id": self.intern_id,
            "host_id": self.host_id,
        }
        given = {**usual, **fields, **own}
        return event(**{name: given[name] for name in event.model_fields if name in given})

    def proposed(self, **fields: Any) -> Event:
        return self.of_placement(events.MatchProposed, **fields)

    def signed(self, **fields: Any) -> Event:
        return self.of_placement(events.AgreementSigned, **fields)

    def evaluation(self, event: type[Event], **fields: Any) -> Event:
        usual: dict[str, Any] = {
            "evaluation_id": self.evaluation_id,
            "edition_id": self.edition_id,
            "placement_id": self.placement_id,
            "party": "host",
            "wave": "after",
            "question_set_version": 1,
            "answer_by": NOW + timedelta(days=21),
        }
        return event(**{**usual, **fields})

    def request(self, event: type[Event], *, to: str = "intern", **fields: Any) -> Event:
        contact = {
            "intern": self.intern_contact,
            "manager": self.manager_contact,
            "host": self.host_contact,
            "reserve": self.reserve_contact,
        }[to]
        usual: dict[str, Any] = {
            "request_id": _id(),
            "participant_id": self.intern_id,
            "contact_id": contact,
            "aggregate_id": self.intern_id,
            "respond_by": NOW + timedelta(days=14),
        }
        return event(**{**usual, **fields})

    def not_found(self, *, final: bool, reason: str = "no_free_place") -> Event:
        return events.MatchNotFound(
            participant_id=self.intern_id,
            edition_id=self.edition_id,
            run_id=_id(),
            reason=reason,
            final=final,
        )

    def report(self, revision: int = 1) -> Event:
        return events.ReportPublished(edition_id=self.edition_id, revision=revision, indicators=())
