"""What a subscriber's tables must say in the end, worked out from the story itself, without Kafka, SQL or any line of the kits."""

import hashlib
from uuid import UUID

from kit.hostile import Stream
from kit.lives import Happened

from ipraktik_contracts import events
from ipraktik_contracts.lifecycle import PLACEMENT, follow
from ipraktik_contracts.topics import PLACEMENTS

Row = tuple[str, str, str, int]
"""placement, edition, state, last number of its line"""


def placements(happened: Happened, stream: Stream) -> list[Row]:
    """Every placement that names nobody who was erased, sorted by id."""
    states: dict[UUID, str] = {}
    editions: dict[UUID, UUID] = {}
    for told in happened.told:
        match told.data:
            case events.PlacementEvent() as data if not {data.intern_id, data.host_id} & happened.erased:
                states[data.placement_id] = follow(PLACEMENT, states.get(data.placement_id), data)
                editions[data.placement_id] = data.edition_id
    last = stream.last_numbers()
    return sorted(
        (str(id_), str(editions[id_]), state, last[PLACEMENTS.name, str(id_)])
        for id_, state in states.items()
    )


def hash_of(rows: list[Row]) -> str:
    """SHA-256 over a line per placement, as every kit's README says."""
    lines = "".join(f"{' '.join(map(str, row))}\n" for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()
