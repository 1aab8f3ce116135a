"""Topics and users for Strimzi, written from the contracts: what a topic is like and who may do what stands there and only there.

Invariant: nothing here decides a right. An agency is a name in `agencies.toml`; what it gets is `rights.of_agency`.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ipraktik_contracts import rights
from ipraktik_contracts.rights import Grant, Rights
from ipraktik_contracts.topics import TOPICS, TopicDeclaration

CLUSTER: Final = "programme"
REPLICAS: Final = 3
LOGIN: Final = "{type: tls, validityDays: 365, renewalDays: 30}"
"""A certificate for a year, renewed in its last month; the authority that signs it (kafka.yaml) stands for five."""
_WRITTEN: Final = (
    "# Written from the contracts by `python -m ipraktik_manifests write`; edit {source} instead.\n"
)
_LABELS: Final = (
    f"  labels: {{strimzi.io/cluster: {CLUSTER}, app.kubernetes.io/part-of: innovationspraktik}}\n"
)


def topics_yaml(topics: Iterable[TopicDeclaration] = TOPICS) -> str:
    """A KafkaTopic for each topic of the contracts."""
    return _WRITTEN.format(source="ipraktik_contracts.topics") + "---\n".join(map(_topic, topics))


def services_yaml() -> str:
    """A KafkaUser for each service."""
    source = "ipraktik_contracts.rights"
    return _WRITTEN.format(source=source) + "---\n".join(_user(one) for one in rights.SERVICES.values())


def agencies_yaml(names: Iterable[str]) -> str:
    """A KafkaUser for each agency. Raises BadAgencyName."""
    return _WRITTEN.format(source="agencies.toml") + "---\n".join(
        _user(rights.of_agency(one)) for one in names
    )


def agencies_in(file: Path) -> tuple[str, ...]:
    """The names in agencies.toml, each once, in the order of the alphabet."""
    listed = tomllib.loads(file.read_text("utf-8"))["agencies"]
    if len(set(listed)) != len(listed):
        raise ValueError(f"{file.name} names an agency twice")
    return tuple(sorted(listed))


def _topic(topic: TopicDeclaration) -> str:
    config = "".join(f"    {key}: {_scalar(value)}\n" for key, value in topic.config.items())
    return (
        f"# {topic.description}{'' if topic.public else ' Never given to anybody outside.'}\n"
        "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata:\n"
        f"  name: {topic.name}\n{_LABELS}"
        f"spec:\n  partitions: {topic.partitions}\n  replicas: {REPLICAS}\n  config:\n{config}"
    )


def _user(one: Rights) -> str:
    acls = "".join(map(_acl, one.grants()))
    quotas = (
        ""
        if one.quota is None
        else "  quotas:\n"
        f"    consumerByteRate: {one.quota.consumer_bytes_per_second}\n"
        f"    requestPercentage: {one.quota.request_percentage}\n"
    )
    return (
        "apiVersion: kafka.strimzi.io/v1\nkind: KafkaUser\nmetadata:\n"
        f"  name: {one.user}\n{_LABELS}"
        f"spec:\n  authentication: {LOGIN}\n  authorization:\n    type: simple\n    acls:\n"
        f"{acls}{quotas}"
    )


def _acl(grant: Grant) -> str:
    pattern = "prefix" if grant.prefixed else "literal"
    return (
        f"      - resource: {{type: {grant.resource}, name: {grant.name}, patternType: {pattern}}}\n"
        f"        operations: [{grant.operation.capitalize()}, Describe]\n"
    )


def _scalar(value: str) -> str:
    """A number where the broker wants one, else the word."""
    return value if value.lstrip("-").isdigit() else f'"{value}"'
