"""Users of a secured broker: password, rights and quota of one, given and taken by the broker's admin.

A user is made in the order in which nothing is ever open: old rights go, its rights and quota come, the password last. Taking
away goes the other way round: the password first, then the rights, so that open connections are refused too. What a broker has
agreed to takes effect a moment later; who comes back from here may rely on the effect.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from ipraktik_contracts.rights import Grant, Quota, Rights
from ipraktik_local.login import KafkaLogin
from ipraktik_local.quotas import set_quota
from ipraktik_local.secured import new_password

_WITHIN: Final = 30.0
_ITERATIONS: Final = 4096
_ANY: Final[Any] = None
"""In a filter; its types say text only."""
_RESOURCES: Final = {"topic": ResourceType.TOPIC, "group": ResourceType.GROUP}
_OPERATIONS: Final = {"read": AclOperation.READ, "write": AclOperation.WRITE}


class RightsNotChanged(RuntimeError):
    """The broker refused what its admin asked for, or did not answer."""


class NobodyThere(RightsNotChanged):
    """There is no such user."""


def make_user(
    admin: KafkaLogin, its: Rights, *, namespace: str = "", quota: Quota | None = None
) -> KafkaLogin:
    """A user with a new password and exactly these rights, whatever it had before."""
    user, password = its.user_in(namespace), new_password()
    client, bindings = _client(admin), [_binding(user, grant) for grant in its.grants(namespace)]
    _take_grants(client, user)
    _each(client.create_acls(bindings))
    _until(lambda: set(_grants(client, user)) == set(bindings), what=f"the rights of {user} hold")
    set_quota(admin, user=user, quota=quota)
    login = KafkaLogin(admin.bootstrap, user, password, protocol=admin.protocol, ca_file=admin.ca_file)
    set_password(admin, user=user, password=password)
    wait_until_let_in(login)
    return login


def unmake_user(admin: KafkaLogin, *, user: str) -> None:
    """Take password, rights and quota away."""
    client = _client(admin)
    with suppress(NobodyThere):  # half-made, or half taken away before: the rest still has to go
        _alter_passwords(client, [UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_512)])
    _take_grants(client, user)
    set_quota(admin, user=user, quota=None)


def users(admin: KafkaLogin) -> tuple[str, ...]:
    """Everybody who may do something. By the rights: to be refused a look at the passwords ends librdkafka, and us with it."""
    client = _client(admin)  # a client that nobody holds ends, and its answers with it
    return tuple(sorted({grant.principal.removeprefix("User:") for grant in _grants(client, None)}))


def set_password(admin: KafkaLogin, *, user: str, password: str) -> None:
    """Let a user in with this password, and with no earlier one."""
    how = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, _ITERATIONS)
    _alter_passwords(_client(admin), [UserScramCredentialUpsertion(user, how, password.encode())])


def wait_until_let_in(login: KafkaLogin) -> None:
    """Until the broker takes this password. Raises RightsNotChanged."""
    try:
        _client(login).list_topics(timeout=_WITHIN)  # tries again by itself
    except KafkaException as error:
        raise RightsNotChanged(f"Kafka does not let {login.username} in: {error.args[0].name()}") from None


def _client(admin: KafkaLogin) -> AdminClient:
    # what goes wrong is raised; librdkafka's own lines on standard error would only repeat it
    return AdminClient({**admin.librdkafka(), "log_level": 0})


def _binding(user: str, grant: Grant) -> AclBinding:
    return AclBinding(
        _RESOURCES[grant.resource],
        grant.name,
        ResourcePatternType.PREFIXED if grant.prefixed else ResourcePatternType.LITERAL,
        f"User:{user}",
        "*",
        _OPERATIONS[grant.operation],
        AclPermissionType.ALLOW,
    )


def _everything_of(user: str | None) -> AclBindingFilter:
    return AclBindingFilter(
        ResourceType.ANY,
        _ANY,
        ResourcePatternType.ANY,
        _ANY if user is None else f"User:{user}",
        _ANY,
        AclOperation.ANY,
        AclPermissionType.ANY,
    )


def _grants(client: AdminClient, user: str | None) -> list[AclBinding]:
    """By the broker's own book, which is what it decides by."""
    found: list[AclBinding] = _done(client.describe_acls(_everything_of(user)))
    return found


def _take_grants(client: AdminClient, user: str) -> None:
    _each(client.delete_acls([_everything_of(user)]))
    _until(lambda: not _grants(client, user), what=f"the rights of {user} are gone")


def _until(fact: Callable[[], bool], *, what: str) -> None:
    bound = time.monotonic() + _WITHIN
    while not fact():
        if time.monotonic() > bound:
            raise RightsNotChanged(
                f"Kafka agreed, but after {_WITHIN:.0f} seconds it is not yet so that {what}"
            )
        time.sleep(0.01)


def _alter_passwords(client: AdminClient, wanted: list[UserScramCredentialAlteration]) -> None:
    _each(client.alter_user_scram_credentials(wanted))


def _each(asked: Mapping[Any, Any]) -> None:
    for answer in asked.values():
        _done(answer)


def _done(answer: Any) -> Any:
    try:
        return answer.result(_WITHIN)
    except KafkaException as error:
        # by its name alone: the broker's own text describes the whole request
        name = error.args[0].name()
        if name == "RESOURCE_NOT_FOUND":
            raise NobodyThere(name) from None
        hint = "; this login is not the admin's" if name.endswith("AUTHORIZATION_FAILED") else ""
        raise RightsNotChanged(f"Kafka did not do it: {name}{hint}") from None
    except TimeoutError:
        raise RightsNotChanged(f"Kafka did not answer within {_WITHIN:.0f} seconds") from None
