"""The topics, declared once. Tests, the local stack and the manifests all take them from here; nothing else creates one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

PARTITIONS: Final = 12
_BATCH_BYTES: Final = "1048576"
"""The broker measures whole record batches by this, not single events: a relay's batch of 512 KiB must pass, or every row of it
would have to be sent alone. An event itself is kept under 64 KiB where it is encoded."""
_DAY_MS: Final = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class TopicDeclaration:
    """One topic: its name without namespace, and what the broker must know of it."""

    name: str
    public: bool
    description: str
    config: Mapping[str, str] = field(default_factory=dict)
    partitions: int = PARTITIONS

    def in_namespace(self, namespace: str) -> str:
        """The name on a broker that several tenants or tests share."""
        return namespace + self.name


_FOR_EVER: Final = {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "message.timestamp.type": "LogAppendTime",
    "max.message.bytes": _BATCH_BYTES,
}

PARTICIPANTS: Final = TopicDeclaration(
    name="innovationspraktik.participants.v1",
    public=True,
    description="Editions and sign-ups of interns and hosts.",
    config=_FOR_EVER,
)
PLACEMENTS: Final = TopicDeclaration(
    name="innovationspraktik.placements.v1",
    public=True,
    description="Proposals, agreements and internships.",
    config=_FOR_EVER,
)
EVALUATIONS: Final = TopicDeclaration(
    name="innovationspraktik.evaluations.v1",
    public=True,
    description="Evaluations asked for and given, and the report.",
    config=_FOR_EVER,
)
CONTACTS: Final = TopicDeclaration(
    name="innovationspraktik.internal.contacts.v1",
    public=False,
    description="Names and addresses, latest per contact; a tombstone erases.",
    config={
        "cleanup.policy": "compact",
        "max.compaction.lag.ms": str(_DAY_MS),
        "delete.retention.ms": str(14 * _DAY_MS),
        "segment.ms": str(_DAY_MS),
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": _BATCH_BYTES,
    },
)
REQUESTS: Final = TopicDeclaration(
    name="innovationspraktik.internal.requests.v1",
    public=False,
    description="What must be mailed or asked before or beside the public facts.",
    config={
        "cleanup.policy": "delete",
        "retention.ms": str(14 * _DAY_MS),
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": _BATCH_BYTES,
    },
)

TOPICS: Final = (PARTICIPANTS, PLACEMENTS, EVALUATIONS, CONTACTS, REQUESTS)
BY_NAME: Final = {topic.name: topic for topic in TOPICS}
