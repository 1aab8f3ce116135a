"""Mistakes in the shape of a single object that a schema lets through."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ipraktik_manifests.looking import chooses, name, namespace, of_kind, pods
from ipraktik_manifests.policies.facts import Facts
from ipraktik_manifests.tree import Object

_QUANTITY: Final = re.compile(r"[+-]?\d+(\.\d+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|e\d+)?")
_PORT_NAME: Final = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
_HOLD_QUANTITIES: Final = ("requests", "limits", "hard", "default", "defaultRequest", "max", "min")
_SIZES: Final = ("size", "sizeLimit")


def selectors_choose_their_own_pods(objects: Sequence[Object], _: Facts) -> list[str]:
    """1. A Deployment's selector takes in what its template makes."""
    return [
        f"{name(one)}: its selector does not choose its own pods"
        for one in of_kind(objects, "Deployment")
        if not chooses(one["spec"].get("selector"), one["spec"]["template"]["metadata"].get("labels", {}))
    ]


def mounts_have_a_volume(objects: Sequence[Object], _: Facts) -> list[str]:
    """2. What is mounted is declared, and what is declared is mounted."""
    found = []
    for one in pods(objects):
        declared = {volume["name"] for volume in one.spec.get("volumes", [])}
        mounted = {mount["name"] for c in one.containers for mount in c.get("volumeMounts", [])}
        found += [
            f"{one.name}: mounts {gone}, which is no volume of it" for gone in sorted(mounted - declared)
        ]
        found += [
            f"{one.name}: has a volume {idle} that nothing mounts" for idle in sorted(declared - mounted)
        ]
    return found


def quantities_are_quantities(objects: Sequence[Object], _: Facts) -> list[str]:
    """3. Sizes are in units that Kubernetes knows, and every claimed disk has one."""
    found = [
        f"{name(one)}: {where} is {value!r}, which is no quantity"
        for one in objects
        if one["kind"] != "ConfigMap"
        for where, value in _quantities(one.get("spec", {}), "spec")
        if not _QUANTITY.fullmatch(str(value))
    ]
    for one in of_kind(objects, "KafkaNodePool"):
        found += [
            f"{name(one)}: volume {volume['id']} has no size"
            for volume in one["spec"]["storage"].get("volumes", [])
            if "size" not in volume
        ]
    for one in of_kind(objects, "Cluster"):
        if "size" not in one["spec"].get("storage", {}):
            found.append(f"{name(one)}: its storage has no size")
    return found


def disruption_budgets_protect_somebody(objects: Sequence[Object], _: Facts) -> list[str]:
    """4. A budget says one of the two bounds, and chooses pods that are there."""
    found = []
    for one in of_kind(objects, "PodDisruptionBudget"):
        spec = one["spec"]
        if ("minAvailable" in spec) == ("maxUnavailable" in spec):
            found.append(f"{name(one)}: says both minAvailable and maxUnavailable, or neither")
        if not spec.get("selector"):
            found.append(f"{name(one)}: has no selector, so it protects nothing or everything")
        elif not any(
            chooses(spec["selector"], p.labels) for p in pods(objects) if p.namespace == namespace(one)
        ):
            found.append(f"{name(one)}: chooses no pods")
    return found


def network_policies_say_whom_and_what(objects: Sequence[Object], _: Facts) -> list[str]:
    """6. A policy names its pods (from 1.34 on, silence means all), the directions it is about, and no peer is everybody."""
    found = []
    for one in of_kind(objects, "NetworkPolicy"):
        spec = one["spec"]
        if "podSelector" not in spec:
            found.append(f"{name(one)}: has no podSelector, which means every pod")
        elif not spec["podSelector"] and (spec.get("ingress") or spec.get("egress")):
            found.append(f"{name(one)}: lets every pod of the namespace do something")
        types = spec.get("policyTypes", [])
        if not types or set(types) - {"Ingress", "Egress"}:
            found.append(f"{name(one)}: policyTypes are Ingress and Egress, not {types}")
        for direction in ("ingress", "egress"):
            if spec.get(direction) and direction.capitalize() not in types:
                found.append(f"{name(one)}: has {direction} rules that do not count")
            found += [
                f"{name(one)}: an {direction} rule names neither peers nor ports, so it lets everything through"
                for rule in spec.get(direction, [])
                if not rule.get("ports") and not rule.get("to" if direction == "egress" else "from")
            ]
    return found


def ports_are_named_as_ports_may_be(objects: Sequence[Object], _: Facts) -> list[str]:
    """7. Names of ports: 15 small letters, digits and hyphens, with a letter, each once in a pod."""
    found = []
    for one in pods(objects):
        names = [port["name"] for c in one.containers for port in c.get("ports", []) if "name" in port]
        found += [
            f"{one.name}: two ports are called {twice}" for twice in {n for n in names if names.count(n) > 1}
        ]
        found += [f"{one.name}: {bad!r} cannot name a port" for bad in names if not _may_name_a_port(bad)]
    for service in of_kind(objects, "Service"):
        names = [port.get("name", "") for port in service["spec"]["ports"]]
        found += [
            f"{name(service)}: {bad!r} cannot name a port" for bad in names if not _may_name_a_port(bad)
        ]
    return found


def _may_name_a_port(text: str) -> bool:
    return len(text) <= 15 and _PORT_NAME.fullmatch(text) is not None


def _quantities(node: Any, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _quantities(inner, f"{where}[{index}]")
    if not isinstance(node, dict):
        return
    for key, inner in node.items():
        here = f"{where}.{key}"
        if key in _HOLD_QUANTITIES and isinstance(inner, dict):
            yield from (
                (f"{here}.{what}", value)
                for what, value in inner.items()
                if not isinstance(value, dict | list)
            )
        elif key in _SIZES and isinstance(inner, str):
            yield here, inner
        else:
            yield from _quantities(inner, here)
