"""Looking things up in built objects: by kind, by label, what pods a controller makes, what a pod is given."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ipraktik_manifests.tree import Object

NAME: Final = "app.kubernetes.io/name"
COMPONENT: Final = "app.kubernetes.io/component"
CONTROLLERS: Final = ("Deployment", "Job", "CronJob", "StatefulSet", "DaemonSet")


@dataclass(frozen=True, slots=True)
class Pods:
    """The pods that one controller makes: its template, and who makes them."""

    owner: Object
    template: Object

    @property
    def spec(self) -> Object:
        found: Object = self.template["spec"]
        return found

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.template.get("metadata", {}).get("labels", {}))

    @property
    def namespace(self) -> str:
        return namespace(self.owner)

    @property
    def containers(self) -> list[Object]:
        """All of them, those that come first included."""
        return [*self.spec.get("initContainers", []), *self.spec["containers"]]

    @property
    def name(self) -> str:
        return name(self.owner)


def of_kind(objects: Iterable[Object], *kinds: str) -> list[Object]:
    """The objects of these kinds."""
    return [one for one in objects if one["kind"] in kinds]


def name(one: Object) -> str:
    """Kind and name, for a sentence."""
    return f"{one['kind']} {one['metadata']['name']}"


def namespace(one: Object) -> str:
    """The namespace that an object lies in; empty where it lies in none."""
    return str(one["metadata"].get("namespace", ""))


def pods(objects: Iterable[Object]) -> Iterator[Pods]:
    """What controllers make."""
    for one in of_kind(objects, *CONTROLLERS):
        spec = one["spec"]["jobTemplate"]["spec"] if one["kind"] == "CronJob" else one["spec"]
        yield Pods(one, spec["template"])


def services_pods(objects: Iterable[Object], *parts: str) -> list[Pods]:
    """The pods of our four services, of these parts (serve, work, migrate) or of all."""
    wanted = parts or ("serve", "work", "migrate")
    return [one for one in pods(objects) if one.labels.get(COMPONENT) in wanted]


def chooses(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether a label selector takes these labels in. An empty one takes in all, none at all takes in none."""
    if selector is None:
        return False
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for wish in selector.get("matchExpressions", []):
        there, values = wish["key"] in labels, wish.get("values", [])
        held = {
            "In": there and labels.get(wish["key"]) in values,
            "NotIn": labels.get(wish["key"]) not in values,
            "Exists": there,
            "DoesNotExist": not there,
        }[wish["operator"]]
        if not held:
            return False
    return True


def settings_of(one: Pods, container: Object, objects: Iterable[Object]) -> dict[str, str | None]:
    """The environment of a container by name; None where the value is only known in a cluster."""
    maps = {
        m["metadata"]["name"]: m.get("data", {})
        for m in of_kind(objects, "ConfigMap")
        if namespace(m) == one.namespace
    }
    found: dict[str, str | None] = {}
    for source in container.get("envFrom", []):
        found |= maps.get(source["configMapRef"]["name"], {})
    for entry in container.get("env", []):
        path = entry.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath", "")
        label = path.removeprefix("metadata.labels['").removesuffix("']")
        found[entry["name"]] = one.labels.get(label) if path else entry.get("value")
    return found


def mounted_secrets(one: Pods, container: Object) -> dict[str, tuple[str, bool]]:
    """Where a container finds Secrets: folder -> (name of the Secret, whether it may be missing)."""
    secrets = {v["name"]: v["secret"] for v in one.spec.get("volumes", []) if "secret" in v}
    return {
        mount["mountPath"]: (
            secrets[mount["name"]]["secretName"],
            bool(secrets[mount["name"]].get("optional", False)),
        )
        for mount in container.get("volumeMounts", [])
        if mount["name"] in secrets
    }
