"""Whether an object is what its schema says: Kubernetes' own from PyPI, for a given version; the operators' from their releases."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # published without types
from referencing import Registry, Resource

from ipraktik_manifests.looking import name
from ipraktik_manifests.schemas import fetching
from ipraktik_manifests.tree import Object

_OWN: Final = ("v1", "apps/v1", "batch/v1", "autoscaling/v2", "policy/v1")
_OWN_GROUP: Final = ".k8s.io/"
_NOT_KUBERNETES: Final = ("gateway.networking.k8s.io/",)


class NoSuchVersion(Exception):
    """The package kubernetes-validate has no schemas of that version of Kubernetes."""


def problems(one: Object, *, kubernetes: str) -> list[str]:
    """What a strict reader has against the object; empty where all is well. Raises GoMissing, NoSuchVersion."""
    validator = _validator(str(one["apiVersion"]), str(one["kind"]), kubernetes)
    if validator is None:
        return [f"{name(one)}: nobody defines {one['kind']} in {one['apiVersion']}"]
    return [f"{name(one)}: {error.json_path}: {error.message[:300]}" for error in validator.iter_errors(one)]


def own_schema_file(api_version: str, kind: str, kubernetes: str) -> Any:
    """The file with the schema of a kind that Kubernetes itself serves. Raises NoSuchVersion."""
    group, _, version = api_version.rpartition("/")
    middle = f"{group.partition('.')[0]}-" if group else ""
    return _folder(kubernetes) / f"{kind.lower()}-{middle}{version}.json"


def definitions_file(kubernetes: str) -> Any:
    """The file that those schemas refer to. Raises NoSuchVersion."""
    return _folder(kubernetes) / "_definitions.json"


def is_kubernetes_own(api_version: str) -> bool:
    """Whether Kubernetes itself serves it."""
    return api_version in _OWN or (_OWN_GROUP in api_version and not api_version.startswith(_NOT_KUBERNETES))


@cache
def _validator(api_version: str, kind: str, kubernetes: str) -> Draft202012Validator | None:
    if not is_kubernetes_own(api_version):
        found = fetching.schema(api_version, kind)
        return None if found is None else Draft202012Validator(found)
    source = own_schema_file(api_version, kind, kubernetes)
    if not source.is_file():
        return None
    return Draft202012Validator(_read(source), registry=_definitions(kubernetes))


def _folder(kubernetes: str) -> Any:
    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"v{kubernetes}.0-local-strict"
    if not folder.is_dir():
        raise NoSuchVersion(f"kubernetes-validate has no schemas of Kubernetes {kubernetes}")
    return folder


@cache
def _definitions(kubernetes: str) -> Any:
    text = _read(definitions_file(kubernetes))
    return Resource.from_contents(text) @ Registry()


def _read(file: Any) -> Any:
    return json.loads(file.read_text("utf-8"))
