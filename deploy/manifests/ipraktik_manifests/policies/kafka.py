"""What the manifests say of Kafka, held against the contracts and the programs."""

from collections.abc import Mapping, Sequence
from typing import Final

from ipraktik_contracts import rights
from ipraktik_contracts.rights import AGENCY_PREFIX
from ipraktik_contracts.topics import BY_NAME
from ipraktik_manifests.looking import COMPONENT, NAME, name, of_kind
from ipraktik_manifests.policies.facts import Facts
from ipraktik_manifests.tree import SERVICES, Object

_OUR_OWN: Final[Mapping[str, frozenset[str]]] = {
    "lag-reader": frozenset({"Describe"}),
    "operator": frozenset({"Read", "Describe", "DescribeConfigs"}),
}
"""Users of ours that are no services, with all that they may."""


def topics_are_the_contracts(objects: Sequence[Object], facts: Facts) -> list[str]:
    """11. Topics, rights and triggers name the contracts' topics, all of them, and no other."""
    found = []
    there = {one["metadata"]["name"]: one for one in of_kind(objects, "KafkaTopic")}
    if there:
        found += [f"the topic {gone} is not made" for gone in sorted(set(BY_NAME) - set(there))]
        found += [f"the topic {odd} is in no contract" for odd in sorted(set(there) - set(BY_NAME))]
    found += [
        f"{name(one)}: {one['spec']['partitions']} partitions, the contract says {BY_NAME[topic].partitions}"
        for topic, one in there.items()
        if topic in BY_NAME and one["spec"]["partitions"] != BY_NAME[topic].partitions
    ]
    for one in of_kind(objects, "KafkaUser"):
        for acl in one["spec"]["authorization"]["acls"]:
            resource = acl["resource"]
            literal = resource.get("patternType", "literal") == "literal"
            if resource["type"] == "topic" and literal and resource["name"] not in BY_NAME:
                found.append(f"{name(one)}: has rights on {resource['name']}, which is in no contract")
    for one in of_kind(objects, "ScaledObject"):
        service = one["metadata"]["labels"][NAME]
        asked = {t["metadata"]["topic"] for t in one["spec"]["triggers"] if t["type"] == "kafka"}
        reads = facts.programs[service].reads
        found += [f"{name(one)}: does not look at {gone}" for gone in sorted(reads - asked)]
        found += [
            f"{name(one)}: looks at {odd}, which {service} does not read" for odd in sorted(asked - reads)
        ]
    return found


def groups_are_the_programs(objects: Sequence[Object], facts: Facts) -> list[str]:
    """12. Triggers and rights name the group that the program really has, and only `work` is scaled by it."""
    found = []
    for one in of_kind(objects, "ScaledObject"):
        labels = one["metadata"]["labels"]
        if labels.get(COMPONENT) != "work":
            found.append(f"{name(one)}: only work has a group")
        group = facts.programs[labels[NAME]].group
        asked = {t["metadata"].get("consumerGroup") for t in one["spec"]["triggers"]}
        if asked != {group}:
            found.append(
                f"{name(one)}: looks at the groups {sorted(map(str, asked))}, the program's is {group}"
            )
    for one in of_kind(objects, "KafkaUser"):
        user = one["metadata"]["name"]
        if user not in SERVICES:
            continue
        groups = {a["resource"]["name"] for a in _acls(one) if a["resource"]["type"] == "group"}
        if groups != {facts.programs[user].group}:
            found.append(
                f"{name(one)}: has the groups {sorted(groups)}, the program's is {facts.programs[user].group}"
            )
    return found


def agencies_read_and_nothing_else(objects: Sequence[Object], _: Facts) -> list[str]:
    """21. Whoever is no service of ours reads public topics by their full names, within a quota, in groups of its own name.

    Two are no agency: `lag-reader` sees and reads nothing; `operator` reads, since a group is sent back by whoever may read in it.
    """
    public = {topic.name for topic in rights.PUBLIC}
    found = []
    for one in of_kind(objects, "KafkaUser"):
        user = one["metadata"]["name"]
        if user in SERVICES:
            continue
        if user in _OUR_OWN:
            if any(set(a["operations"]) - _OUR_OWN[user] for a in _acls(one)):
                found.append(f"{name(one)}: may do more than {' and '.join(sorted(_OUR_OWN[user]))}")
            continue
        if not user.startswith(AGENCY_PREFIX):
            found.append(f"{name(one)}: an agency's user begins with {AGENCY_PREFIX}")
        if not one["spec"].get("quotas", {}).get("consumerByteRate"):
            found.append(f"{name(one)}: has no quota")
        for acl in _acls(one):
            resource, kind = acl["resource"], acl["resource"]["type"]
            if set(acl["operations"]) - {"Read", "Describe"}:
                found.append(f"{name(one)}: may do more than read: {acl['operations']}")
            if kind == "topic" and (
                resource.get("patternType") != "literal" or resource["name"] not in public
            ):
                found.append(f"{name(one)}: reads {resource['name']}, which is not one public topic")
            if kind == "group" and resource["name"] != f"{user}.":
                found.append(f"{name(one)}: has groups {resource['name']}, not its own")
            if kind not in ("topic", "group"):
                found.append(f"{name(one)}: has a right on {kind}")
    return found


def _acls(user: Object) -> list[Object]:
    found: list[Object] = user["spec"]["authorization"]["acls"]
    return found
