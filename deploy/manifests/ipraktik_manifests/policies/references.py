"""Objects that name others: what they name is there. Where an operator makes the object, the one that it is made from is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from ipraktik_manifests.looking import Pods, chooses, name, namespace, of_kind, pods
from ipraktik_manifests.policies.facts import Facts
from ipraktik_manifests.policies.secrets import secrets_there
from ipraktik_manifests.tree import Object

OF_OTHERS: Final = frozenset({"kube-system", "cnpg-system", "keda"})
"""Namespaces that are there before anything of ours: DNS, the operators."""


class _Here:
    """The objects of an environment, found by kind, namespace and name."""

    def __init__(self, objects: Sequence[Object], facts: Facts) -> None:
        self.objects = objects
        self.secrets = secrets_there(objects, facts)
        self.pods = list(pods(objects)) + [
            Pods(one, _made_of(one)) for one in of_kind(objects, "Cluster", "Kafka")
        ]
        self._known = {(one["kind"], namespace(one), one["metadata"]["name"]): one for one in objects}

    def has(self, kind: str, where: str, called: str) -> bool:
        return (kind, where, called) in self._known

    def get(self, kind: str, where: str, called: str) -> Object | None:
        return self._known.get((kind, where, called))

    def chosen(self, selector: Mapping[str, Any] | None, where: str) -> list[Pods]:
        return [one for one in self.pods if one.namespace == where and chooses(selector, one.labels)]


def references_lead_somewhere(objects: Sequence[Object], facts: Facts) -> list[str]:
    """8. Whatever is named is there, in the namespace where it is looked for."""
    here = _Here(objects, facts)
    return [
        f"{name(one)}: {gone}" for one in objects for gone in _LOOKS.get(one["kind"], _nothing)(one, here)
    ]


def _made_of(one: Object) -> Object:
    """The labels that CloudNativePG and Strimzi put on the pods that they make."""
    its = one["metadata"]["name"]
    if one["kind"] == "Cluster":
        labels, ports = {"cnpg.io/cluster": its}, [{"name": "metrics", "containerPort": 9187}]
    else:
        labels = {"strimzi.io/cluster": its, "strimzi.io/kind": "Kafka", "strimzi.io/broker-role": "true"}
        ports = [{"name": "tcp-prometheus", "containerPort": 9404}]
    return {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "made", "ports": ports}]}}


def _port_names(found: Sequence[Pods]) -> set[str]:
    return {port.get("name", "") for one in found for c in one.containers for port in c.get("ports", [])}


def _nothing(_: Object, __: _Here) -> Iterator[str]:
    yield from ()


def _service(one: Object, here: _Here) -> Iterator[str]:
    found = here.chosen({"matchLabels": one["spec"]["selector"]}, namespace(one))
    if not found:
        yield "chooses no pods"
    for port in one["spec"]["ports"]:
        target = port.get("targetPort", port["port"])
        if isinstance(target, str) and target not in _port_names(found):
            yield f"leads to a port {target}, which its pods do not have"


def _monitor(one: Object, here: _Here) -> Iterator[str]:
    found = here.chosen(one["spec"]["selector"], namespace(one))
    if not found:
        yield "chooses no pods"
    for end in one["spec"]["podMetricsEndpoints"]:
        without = [p.name for p in found if end["port"] not in _port_names([p])]
        if without:
            yield f"asks on port {end['port']}, which {without[0]} does not have"


def _network(one: Object, here: _Here) -> Iterator[str]:
    spec = one["spec"]
    found = here.chosen(spec["podSelector"], namespace(one)) if "podSelector" in spec else []
    if not found:
        yield "chooses no pods"
    for rule in spec.get("ingress", []):
        for port in rule.get("ports", []):
            if isinstance(port.get("port"), str) and port["port"] not in _port_names(found):
                yield f"lets in to a port {port['port']}, which its pods do not have"
        yield from _peers(rule.get("from", []), one, here)
    for rule in spec.get("egress", []):
        yield from _peers(rule.get("to", []), one, here)


def _peers(peers: Sequence[Object], one: Object, here: _Here) -> Iterator[str]:
    for peer in peers:
        where = namespace(one)
        chosen = peer.get("namespaceSelector", {}).get("matchLabels", {})
        if "namespaceSelector" in peer:
            where = chosen.get("kubernetes.io/metadata.name", "")
            if not where or where in OF_OTHERS:
                continue  # a namespace of the cluster's owner, by name or by the part it plays
            if not here.has("Namespace", "", where):
                yield f"names a namespace {where}, which is not there"
                continue
        if "podSelector" in peer and not here.chosen(peer["podSelector"], where):
            yield f"names pods in {where} of which there are none"


def _scaled(one: Object, here: _Here) -> Iterator[str]:
    target = one["spec"]["scaleTargetRef"]
    if not here.has(target.get("kind", "Deployment"), namespace(one), target["name"]):
        yield f"scales {target['name']}, which is not there"
    for trigger in one["spec"].get("triggers", []):
        login = trigger.get("authenticationRef", {}).get("name")
        if login and not here.has("TriggerAuthentication", namespace(one), login):
            yield f"logs in by {login}, which is not there"


def _login(one: Object, here: _Here) -> Iterator[str]:
    for ref in one["spec"].get("secretTargetRef", []):
        if ref["key"] not in here.secrets.get(ref["name"], frozenset()):
            yield f"takes {ref['key']} of the Secret {ref['name']}, which nobody puts there"


def _route(one: Object, here: _Here) -> Iterator[str]:
    for parent in one["spec"]["parentRefs"]:
        gate = here.get("Gateway", parent.get("namespace", namespace(one)), parent["name"])
        listeners = {ear["name"]: ear for ear in gate["spec"]["listeners"]} if gate else {}
        if parent.get("sectionName") not in listeners:
            yield f"comes in at {parent['name']} {parent.get('sectionName')}, which is not there"
        elif listeners[parent["sectionName"]].get("hostname") not in one["spec"].get("hostnames", []):
            yield f"is for a host that {parent['name']} {parent['sectionName']} does not listen for"
    for rule in one["spec"]["rules"]:
        for back in rule.get("backendRefs", []):
            service = here.get("Service", namespace(one), back["name"])
            if service is None or back["port"] not in [port["port"] for port in service["spec"]["ports"]]:
                yield f"leads to {back['name']}:{back['port']}, which is not there"


def _controller(one: Object, here: _Here) -> Iterator[str]:
    for its in pods([one]):
        account = its.spec.get("serviceAccountName")
        if account and not here.has("ServiceAccount", its.namespace, account):
            yield f"runs as {account}, which is not there"
        named = [source["configMapRef"]["name"] for c in its.containers for source in c.get("envFrom", [])]
        named += [v["configMap"]["name"] for v in its.spec.get("volumes", []) if "configMap" in v]
        yield from (
            f"reads {m}, which is not there" for m in named if not here.has("ConfigMap", its.namespace, m)
        )


def _binding(one: Object, here: _Here) -> Iterator[str]:
    if not here.has("Role", namespace(one), one["roleRef"]["name"]):
        yield f"gives {one['roleRef']['name']}, which is not there"
    for subject in one["subjects"]:
        if not here.has("ServiceAccount", subject.get("namespace", namespace(one)), subject["name"]):
            yield f"gives rights to {subject['name']}, which is not there"


def _of_cluster(one: Object, here: _Here) -> Iterator[str]:
    if not here.has("Cluster", namespace(one), one["spec"]["cluster"]["name"]):
        yield f"is of {one['spec']['cluster']['name']}, which is not there"


def _cluster(one: Object, here: _Here) -> Iterator[str]:
    for plugin in one["spec"].get("plugins", []):
        store = plugin.get("parameters", {}).get("barmanObjectName")
        if store and not here.has("ObjectStore", namespace(one), store):
            yield f"backs up to {store}, which is not there"


def _of_kafka(one: Object, here: _Here) -> Iterator[str]:
    if not here.has("Kafka", namespace(one), one["metadata"].get("labels", {}).get("strimzi.io/cluster", "")):
        yield "belongs to no Kafka that is there"


_LOOKS: Final[Mapping[str, Callable[[Object, _Here], Iterator[str]]]] = {
    "Service": _service,
    "PodMonitor": _monitor,
    "NetworkPolicy": _network,
    "ScaledObject": _scaled,
    "HorizontalPodAutoscaler": _scaled,
    "TriggerAuthentication": _login,
    "HTTPRoute": _route,
    "Deployment": _controller,
    "Job": _controller,
    "CronJob": _controller,
    "RoleBinding": _binding,
    "Database": _of_cluster,
    "DatabaseRole": _of_cluster,
    "ScheduledBackup": _of_cluster,
    "Cluster": _cluster,
    "KafkaTopic": _of_kafka,
    "KafkaUser": _of_kafka,
    "KafkaNodePool": _of_kafka,
}
