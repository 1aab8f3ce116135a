"""Who gets a login on a secured broker: outside agencies, one by one, and our own services. What each may do, the contracts say."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ipraktik_contracts import rights
from ipraktik_contracts.rights import Quota
from ipraktik_local.login import KafkaLogin
from ipraktik_local.users import make_user, unmake_user, users


class NotSecured(RuntimeError):
    """The broker lets everybody in, so nobody can be given or refused anything."""

    def __init__(self) -> None:
        super().__init__(
            "This Kafka asks nobody for a password, so there is none to give. Start it secured: make down, make up SECURE=1"
        )


class UnknownAgency(LookupError):
    """Nobody of that name has a login."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        there = ", ".join(known) or "none"
        super().__init__(f"No agency called {name} has a login; those that have: {there}.")


class Secured(Protocol):
    """A server whose admin is known, such as `KafkaServer`."""

    @property
    def admin(self) -> KafkaLogin: ...


@dataclass(frozen=True, slots=True)
class AgencyLogin:
    """All that an agency needs to subscribe. `group_prefix` is whole, namespace included: every group of its begins so."""

    username: str
    password: str = field(repr=False)
    group_prefix: str
    bootstrap: str
    login: KafkaLogin
    namespace: str = ""
    renewed: bool = False
    """Whether it had a login before; that one's password is void now."""

    def environment(self) -> dict[str, str]:
        """KEY=value for the agency's own process."""
        return self.login.environment() | {
            "KAFKA_GROUP_PREFIX": self.group_prefix,
            "TOPIC_NAMESPACE": self.namespace,
        }


def make_agency(
    place: Secured | KafkaLogin, *, name: str, namespace: str = "", quota: Quota = rights.AGENCY_QUOTA
) -> AgencyLogin:
    """Give an agency a login that reads the public topics within the quota, and nothing else. Once more: a new password.

    `place` is a secured server or its admin's login. Raises BadAgencyName, NotSecured, RightsNotChanged.
    """
    its, admin = rights.of_agency(name), _admin(place)
    renewed = name in agencies(admin, namespace=namespace)
    login = make_user(admin, its, namespace=namespace, quota=quota)
    return AgencyLogin(
        username=login.username,
        password=login.password,
        group_prefix=namespace + its.group,
        bootstrap=login.bootstrap,
        login=login,
        namespace=namespace,
        renewed=renewed,
    )


def revoke_agency(place: Secured | KafkaLogin, *, name: str, namespace: str = "") -> None:
    """Take login, rights and quota away; what is connected is refused from its next request on.

    Raises BadAgencyName, UnknownAgency, NotSecured, RightsNotChanged.
    """
    its, admin = rights.of_agency(name), _admin(place)
    known = agencies(admin, namespace=namespace)
    if name not in known:
        raise UnknownAgency(name, known)
    unmake_user(admin, user=its.user_in(namespace))


def agencies(place: Secured | KafkaLogin, *, namespace: str = "") -> tuple[str, ...]:
    """The agencies that have a login."""
    before = namespace + rights.AGENCY_PREFIX
    return tuple(user.removeprefix(before) for user in users(_admin(place)) if user.startswith(before))


def make_services(
    place: Secured | KafkaLogin, *, services: Iterable[str], namespace: str = ""
) -> dict[str, KafkaLogin]:
    """A login of its own for each service, with the least it needs and a new password each time."""
    admin = _admin(place)
    return {name: make_user(admin, rights.SERVICES[name], namespace=namespace) for name in services}


def _admin(place: Secured | KafkaLogin) -> KafkaLogin:
    admin = place if isinstance(place, KafkaLogin) else place.admin
    if not admin.protocol.startswith(
        "SASL"
    ):  # whom a certificate lets in has no password that could be given
        raise NotSecured
    return admin
