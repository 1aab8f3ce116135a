"""What decides whether pods run, are found well, end in order and leave room: images, rights, probes, replicas, grace, sums."""

import re
from collections.abc import Sequence
from typing import Any, Final

from ipraktik_manifests.looking import (
    COMPONENT,
    NAME,
    Pods,
    chooses,
    name,
    namespace,
    of_kind,
    pods,
    services_pods,
    settings_of,
)
from ipraktik_manifests.policies.facts import Facts
from ipraktik_manifests.tree import SERVICES, Object

_DIGEST: Final = re.compile(r"[^@]+@sha256:[0-9a-f]{64}")
OPEN: Final = "unreleased"
CUT_OFF: Final = 15
"""Seconds that a process may take beyond DRAIN_SECONDS for what is then cut off."""
BESIDE_THE_POOL: Final = {"serve": 0, "work": 4, "migrate": 3}
"""Connections outside DATABASE_POOL: the relay's three and notify's lease of deliveries; the migration's own."""
FOR_PEOPLE: Final = 20
"""Connections that are left for CloudNativePG itself, superusers and whoever looks."""
_UNITS: Final = {
    "m": 0.001,
    "": 1,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "Ki": 2**10,
    "Mi": 2**20,
    "Gi": 2**30,
    "Ti": 2**40,
}


def images_are_pinned(objects: Sequence[Object], _: Facts) -> list[str]:
    """14. An image has a digest; until its first release ours says `unreleased`, and others name a version."""
    found = []
    for one in pods(objects):
        for container in one.containers:
            image = container["image"]
            tag = image.rpartition("/")[2].partition(":")[2]
            ours = one.labels.get(NAME) in SERVICES and one.labels.get(COMPONENT) in BESIDE_THE_POOL
            if _DIGEST.fullmatch(image):
                continue
            if ours and tag != OPEN:
                found.append(f"{one.name}: {image} has neither a digest nor the mark {OPEN}")
            elif not tag or tag == "latest":
                found.append(f"{one.name}: {image} names no version")
    return found


def pods_are_restricted(objects: Sequence[Object], _: Facts) -> list[str]:
    """15. Every container, also those that come first, is within Pod Security's `restricted`, and writes nothing to its root."""
    found = []
    for one in pods(objects):
        context = one.spec.get("securityContext", {})
        wrong = [key for key in ("hostNetwork", "hostPID", "hostIPC") if one.spec.get(key)]
        wrong += [f"a volume {v['name']} of the node" for v in one.spec.get("volumes", []) if "hostPath" in v]
        if one.labels.get(NAME) in SERVICES and one.labels.get(COMPONENT) in BESIDE_THE_POOL:
            if one.spec.get("automountServiceAccountToken") is not False:
                wrong.append("a token for Kubernetes")
            if one.spec.get("enableServiceLinks") is not False:
                wrong.append("the addresses of other services in its environment")
        for c in one.containers:
            its = {**context, **c.get("securityContext", {})}
            said = {
                "runAsNonRoot": its.get("runAsNonRoot") is True,
                "a numeric runAsUser": isinstance(its.get("runAsUser"), int) and its["runAsUser"] > 0,
                "seccompProfile": its.get("seccompProfile", {}).get("type")
                in ("RuntimeDefault", "Localhost"),
                "allowPrivilegeEscalation: false": its.get("allowPrivilegeEscalation") is False,
                "capabilities.drop ALL": its.get("capabilities") == {"drop": ["ALL"]},
                "readOnlyRootFilesystem": its.get("readOnlyRootFilesystem") is True,
                "not privileged": not its.get("privileged"),
            }
            wrong += [f"{c['name']} without {what}" for what, held in said.items() if not held]
            wrong += [f"{c['name']} with a hostPort" for port in c.get("ports", []) if "hostPort" in port]
        found += [f"{one.name}: has {what}" for what in wrong]
    return found


def probes_are_answered(objects: Sequence[Object], facts: Facts) -> list[str]:
    """16. Probes ask where the program listens, for what it answers; liveness is not readiness."""
    found = []
    for one in services_pods(objects, "serve", "work"):
        for c in one.spec["containers"]:
            given, ports = (
                settings_of(one, c, objects),
                {p["name"]: p["containerPort"] for p in c.get("ports", [])},
            )
            listens = {"http": given.get("HTTP_PORT"), "ops": given.get("OPS_PORT")}
            found += [
                f"{one.name}: its port {what} is {number}, it listens on {listens.get(what)}"
                for what, number in ports.items()
                if str(number) != listens.get(what)
            ]
            paths = {}
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                asks = c.get(probe, {}).get("httpGet", {})
                paths[probe] = asks.get("path")
                if asks.get("port") not in ports:
                    found.append(f"{one.name}: {probe} asks a port that is not there")
                if facts.answers and facts.answers[c["name"]].get(paths[probe], 404) not in (200, 503):
                    found.append(f"{one.name}: {c['name']} does not know {paths[probe]}")
            if paths["livenessProbe"] == paths["readinessProbe"]:
                found.append(f"{one.name}: an outage that it only waits out would restart it")
    return found


def autoscaled_have_no_replicas(objects: Sequence[Object], _: Facts) -> list[str]:
    """18. Where an autoscaler counts, the manifest does not."""
    scaled = {(namespace(one), one["spec"]["scaleTargetRef"]["name"]) for one in _autoscalers(objects)}
    return [
        f"{name(one)}: says replicas beside an autoscaler"
        for one in of_kind(objects, "Deployment")
        if (namespace(one), one["metadata"]["name"]) in scaled and "replicas" in one["spec"]
    ]


def grace_covers_the_drain(objects: Sequence[Object], facts: Facts) -> list[str]:
    """19. A pod is given what its program may take: preStop, DRAIN_SECONDS, and what is then cut off."""
    found = []
    for one in services_pods(objects, "serve", "work"):
        for c in one.spec["containers"]:
            default = facts.programs[one.labels[NAME]].default("DRAIN_SECONDS")
            drain = float(settings_of(one, c, objects).get("DRAIN_SECONDS") or str(default))
            first = c.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
            given = one.spec.get("terminationGracePeriodSeconds", 30)
            if given < first + drain + CUT_OFF:
                found.append(
                    f"{one.name}: is given {given} seconds to end, may take {first + drain + CUT_OFF:g}"
                )
    return found


def an_eviction_is_always_possible(objects: Sequence[Object], _: Facts) -> list[str]:
    """20. No budget keeps a node from being emptied, at the fewest replicas or when pods are broken."""
    found = []
    for one in of_kind(objects, "PodDisruptionBudget"):
        spec = one["spec"]
        if spec.get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
            found.append(f"{name(one)}: keeps a node for the sake of a broken pod")
        for its in pods(objects):
            if its.owner["kind"] == "Deployment" and chooses(spec.get("selector"), its.labels):
                fewest = replicas(its, objects)[0]
                stays = (
                    int(spec.get("minAvailable", 0)) if str(spec.get("minAvailable", 0)).isdigit() else fewest
                )
                if fewest - stays < 1 or spec.get("maxUnavailable") in (0, "0%"):
                    found.append(f"{name(one)}: none of {fewest} pods of {its.name} may ever go")
    return found


def connections_fit_the_database(objects: Sequence[Object], facts: Facts) -> list[str]:
    """22. All pods at their most, one more of each in a rollout, and the migration: within max_connections."""
    found = []
    for cluster in of_kind(objects, "Cluster"):
        service = cluster["metadata"]["name"]
        most = int(cluster["spec"]["postgresql"]["parameters"]["max_connections"]) - FOR_PEOPLE
        held = 0
        for one in services_pods(objects):
            if one.labels[NAME] != service:
                continue
            part, default = one.labels[COMPONENT], facts.programs[service].default("DATABASE_POOL")
            pool = int(
                settings_of(one, one.spec["containers"][0], objects).get("DATABASE_POOL") or str(default)
            )
            each = BESIDE_THE_POOL[part] + (0 if part == "migrate" else pool)
            held += each * (1 if part == "migrate" else replicas(one, objects)[1] + 1)
        if held > most:
            found.append(f"{name(cluster)}: its pods may hold {held} connections of {most}")
    return found


def everything_fits_the_quota(objects: Sequence[Object], _: Facts) -> list[str]:
    """Beside the list: what the quota bounds is enough for all pods at their most, in a rollout, with every migration."""
    found = []
    for quota in of_kind(objects, "ResourceQuota"):
        hard = quota["spec"]["hard"]
        sums = dict.fromkeys(("pods", "requests.cpu", "requests.memory", "limits.memory"), 0.0)
        for one in pods(objects):
            if one.namespace != namespace(quota):
                continue
            count = replicas(one, objects)[1] + 1 if one.owner["kind"] == "Deployment" else 1
            sums["pods"] += count
            for which in ("requests.cpu", "requests.memory", "limits.memory"):
                part, what = which.split(".")
                each = [
                    _number(c.get("resources", {}).get(part, {}).get(what)) for c in one.spec["containers"]
                ]
                sums[which] += count * sum(each)
        found += [
            f"{name(quota)}: {which} is {hard[which]}, {total:g} may be asked for"
            for which, total in sums.items()
            if which in hard and total > _number(hard[which])
        ]
    return found


def replicas(one: Pods, objects: Sequence[Object]) -> tuple[int, int]:
    """The fewest and the most pods of a Deployment."""
    for scaler in _autoscalers(objects):
        spec, its = scaler["spec"], one.owner["metadata"]["name"]
        if spec["scaleTargetRef"]["name"] == its and namespace(scaler) == one.namespace:
            fewest = spec.get("minReplicas", spec.get("minReplicaCount", 1))
            return int(fewest), int(spec.get("maxReplicas", spec.get("maxReplicaCount", 100)))
    said = int(one.owner["spec"].get("replicas", 1))
    return said, said


def _autoscalers(objects: Sequence[Object]) -> list[Object]:
    return of_kind(objects, "HorizontalPodAutoscaler", "ScaledObject")


def _number(quantity: Any) -> float:
    parts = re.fullmatch(r"([\d.]+)([A-Za-z]*)", str(quantity or 0))
    return float(parts[1]) * _UNITS[parts[2]] if parts else 0.0
