"""Who may do what on Kafka, as data; whatever does not stand here is refused.

Writing follows from the registry: a service writes to the topics whose events it owns. Reading is listed below and held against
what the services really subscribe to. An agency reads the public topics, keeps groups under its own name, and has a quota.

Nobody here may create, alter or delete a topic, see a configuration, or touch the cluster: that is for whoever operates it, with
a login of their own. Producing with idempotence needs no right beside writing to the topic, and nobody uses transactions. Reading
a topic or a group lets one describe it too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from .registry import EVENT_CLASSES
from .topics import BY_NAME, CONTACTS, EVALUATIONS, PARTICIPANTS, PLACEMENTS, TOPICS, TopicDeclaration

AGENCY_PREFIX: Final = "agency."
"""Before every agency's user and groups; no service is called so."""

_AGENCY: Final = re.compile(r"[a-z](?:[a-z0-9-]{0,28}[a-z0-9])?")


class BadAgencyName(ValueError):
    """A name that cannot be part of a user's, a group's or a file's name."""

    def __init__(self) -> None:
        super().__init__(
            "An agency's name is 1 to 30 small letters (a-z), digits and hyphens; it begins with a letter and "
            "does not end with a hyphen, such as skat or sundheds-data."
        )


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing that is allowed, from any address: `operation` on one resource, or on all whose names begin so."""

    resource: Literal["topic", "group"]
    name: str
    operation: Literal["read", "write"]
    prefixed: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """How much a user may take from each broker: bytes read in a second, and share of one thread's time in percent."""

    consumer_bytes_per_second: int
    request_percentage: int


@dataclass(frozen=True, slots=True)
class Rights:
    """All that one user may do. Names are without namespace; `in_namespace` of a user and `grants` put it before."""

    user: str
    group: str
    reads: tuple[TopicDeclaration, ...]
    writes: tuple[TopicDeclaration, ...] = ()
    groups_begin_so: bool = False
    quota: Quota | None = None

    def user_in(self, namespace: str) -> str:
        """The user's name on a broker that several tenants or tests share."""
        return namespace + self.user

    def grants(self, namespace: str = "") -> tuple[Grant, ...]:
        """What the broker must be told."""
        return (
            *(Grant("topic", topic.in_namespace(namespace), "read") for topic in self.reads),
            *(Grant("topic", topic.in_namespace(namespace), "write") for topic in self.writes),
            Grant("group", namespace + self.group, "read", prefixed=self.groups_begin_so),
        )


PUBLIC: Final = tuple(topic for topic in TOPICS if topic.public)
"""All that outsiders may ever read."""

AGENCY_QUOTA: Final = Quota(consumer_bytes_per_second=2 * 1024 * 1024, request_percentage=50)
"""Some 3,000 events a second: years of history in minutes, and our own services keep the broker to themselves meanwhile."""

_READS: Final[Mapping[str, tuple[TopicDeclaration, ...]]] = MappingProxyType(
    {
        "registration": (PLACEMENTS, EVALUATIONS),
        "matching": (PARTICIPANTS, CONTACTS),
        "notify": TOPICS,
        "evaluation": (PARTICIPANTS, PLACEMENTS, CONTACTS),
    }
)


def written_by(service: str) -> tuple[TopicDeclaration, ...]:
    """The topics of the events that a service owns; none where it says nothing, or is not ours."""
    owned = {event_class.TOPIC for event_class in EVENT_CLASSES if service == event_class.OWNER}
    return tuple(BY_NAME[name] for name in sorted(owned))


def of_agency(name: str) -> Rights:
    """What an outside agency gets. Raises BadAgencyName."""
    if not _AGENCY.fullmatch(name):
        raise BadAgencyName
    user = f"{AGENCY_PREFIX}{name}"
    # the dot at the end keeps skat out of the groups of skat-2
    return Rights(user, f"{user}.", reads=PUBLIC, groups_begin_so=True, quota=AGENCY_QUOTA)


SERVICES: Final[Mapping[str, Rights]] = MappingProxyType(
    {
        service: Rights(service, service, reads=reads, writes=written_by(service))
        for service, reads in _READS.items()
    }
)
"""By service. The consumer group has the service's name."""
