"""The operators' definitions, fetched once from their own releases and kept as strict schemas outside the tree.

Go modules come by `go mod download`, checked by Go against its public checksum database and here against a pinned hash. Strimzi
publishes no module: its definitions are written by its own generator from its jars, each checked by its hash.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from ipraktik_local.kafka_jars import cache_folder
from ipraktik_manifests.schemas import operators, strict
from ipraktik_manifests.schemas.strimzi import written_by_strimzi
from ipraktik_manifests.tree import loaded

_WITHIN: Final = 300.0


class GoMissing(Exception):
    """What is fetched or built by Go is not in the cache, and Go is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "go is missing; install Go 1.21 or newer (https://go.dev/dl) for the operators' schemas and the programs that read them"
        )


class NotThePinnedRelease(Exception):
    """What came is not what operators.py names."""


def schemas_folder() -> Path:
    """The folder with `<group>/<kind>_<version>.json`, made if need be. Raises GoMissing, NotThePinnedRelease."""
    folder = cache_folder() / f"crds-{_pins()}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".crds-") as parent:
            made = Path(parent) / "made"
            made.mkdir()
            for definition in _definitions(Path(parent)):
                for name, schema in strict.schemas_in(definition):
                    file = made / f"{name}.json"
                    file.parent.mkdir(exist_ok=True)
                    file.write_text(json.dumps(schema), "utf-8")
            try:
                made.rename(folder)  # whole or not at all
            except OSError:
                if not folder.is_dir():  # else another process was faster, with the same
                    raise
    return folder


@cache
def schema(api_version: str, kind: str) -> dict[str, Any] | None:
    """The strict schema of a kind; None where no operator of ours defines it. Raises GoMissing, NotThePinnedRelease."""
    group, _, version = api_version.partition("/")
    file = schemas_folder() / group / f"{kind.lower()}_{version}.json"
    found: dict[str, Any] | None = json.loads(file.read_text("utf-8")) if file.is_file() else None
    return found


def _definitions(scratch: Path) -> Iterator[dict[str, Any]]:
    go = shutil.which("go")
    if go is None:
        raise GoMissing
    for release in operators.GO_RELEASES:
        ended = subprocess.run(
            [go, "mod", "download", "-json", f"{release.module}@{release.version}"],
            cwd=scratch,
            env={**os.environ, "GOFLAGS": "-mod=mod", "GOWORK": "off", "GO111MODULE": "on"},
            capture_output=True,
            text=True,
            timeout=_WITHIN,
            check=False,
        )
        said = json.loads(ended.stdout or "{}")
        if ended.returncode or "Dir" not in said:
            raise NotThePinnedRelease(f"{release.module}: {said.get('Error') or ended.stderr.strip()}")
        if said["Sum"] != release.sum:
            raise NotThePinnedRelease(
                f"{release.module} {release.version} is {said['Sum']}, not {release.sum}"
            )
        for file in release.files:
            yield from loaded((Path(said["Dir"]) / file).read_text("utf-8"))
    for text in written_by_strimzi(scratch):
        yield from loaded(text)


def _pins() -> str:
    """Changes with whatever could change the schemas."""
    told = repr((operators.GO_RELEASES, operators.STRIMZI)) + Path(strict.__file__).read_text("utf-8")
    told += files(__package__).joinpath("strimzi_jars.sha256").read_text("utf-8")
    return hashlib.sha256(told.encode()).hexdigest()[:16]
