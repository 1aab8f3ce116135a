"""Where the manifests lie, and what comes out when a folder of them is built.

Building is kustomize's work, by kubectl or by kustomize itself; nothing here imitates it. A folder is built once per process.
"""

import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]  # published without types

K8S: Final = Path(__file__).resolve().parents[2] / "k8s"
SERVICES: Final = ("registration", "matching", "notify", "evaluation")
ENVIRONMENTS: Final = ("local", "test", "prod")
Object = dict[str, Any]


class CannotBuild(Exception):
    """A folder that kustomize refuses; the message is its own."""


class NothingBuilds(Exception):
    """Neither kubectl nor kustomize is installed."""

    def __init__(self) -> None:
        super().__init__("kubectl is missing; install kubectl 1.30 or newer, or kustomize 5")


def kustomizations(root: Path = K8S) -> tuple[Path, ...]:
    """Every folder below that can be built by itself. Components cannot: they are built where they are used."""
    files = sorted(root.rglob("kustomization.yaml"))
    return tuple(file.parent for file in files if kind_of(file) == "Kustomization")


def components(root: Path = K8S) -> tuple[Path, ...]:
    """Every folder that an overlay may add."""
    return tuple(f.parent for f in sorted(root.rglob("kustomization.yaml")) if kind_of(f) == "Component")


def kind_of(file: Path) -> str:
    """Kustomization or Component."""
    return str(loaded(file.read_text("utf-8"))[0].get("kind", "Kustomization"))


def command() -> list[str]:
    """What builds: kubectl has kustomize inside. Raises NothingBuilds."""
    if kubectl := shutil.which("kubectl"):
        return [kubectl, "kustomize"]
    if kustomize := shutil.which("kustomize"):
        return [kustomize, "build"]
    raise NothingBuilds


@cache
def built_text(folder: Path) -> str:
    """What a folder builds to, as YAML. Raises CannotBuild, NothingBuilds."""
    ended = subprocess.run([*command(), str(folder)], capture_output=True, text=True, timeout=60, check=False)
    if ended.returncode or ended.stderr.strip():  # a warning of kustomize is a mistake of ours
        raise CannotBuild(f"{folder}: {ended.stderr.strip()}")
    return ended.stdout


def built(folder: Path) -> list[Object]:
    """The objects that a folder builds to, fresh for each caller."""
    objects: list[Object] = json.loads(_as_json(folder))
    return objects


@cache
def _as_json(folder: Path) -> str:
    """Read again many times faster than YAML is."""
    return json.dumps(loaded(built_text(folder)))


def build_all(folders: tuple[Path, ...]) -> dict[Path, list[Object]]:
    """Several folders at once. Raises CannotBuild for the first that is refused."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(built_text, folders))
    return {folder: built(folder) for folder in folders}


def environment(name: str) -> list[Object]:
    """All that an environment applies: what the services stand on, the services, and the monitoring where it has one."""
    root = K8S / "overlays" / name
    parts = [root / "platform", root, root / "monitoring"]
    return [one for part in parts if (part / "kustomization.yaml").exists() for one in built(part)]


def loaded(text: str) -> list[Object]:
    """The documents of a YAML text that are not empty."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return [one for one in yaml.load_all(text, Loader=loader) if one]
