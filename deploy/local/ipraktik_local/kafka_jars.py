"""Apache Kafka's jars: fetched once per user, checked against the list in this package before every start.

The list `kafka_jars.sha256` pins each file of the distribution by its content, so where a jar came from does not matter:
the user's own Maven folder is asked first, the network second. Nothing that fails its check is ever put on a class path.
"""

import fcntl
import hashlib
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

KAFKA_VERSION: Final = "4.3.1"
_ATTEMPTS: Final = 3
_log = logging.getLogger(__name__)


class KafkaJarsDamaged(RuntimeError):
    """A freshly fetched jar is not the one that the list names."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"Fetched again, and still not the file that kafka_jars.sha256 names: {', '.join(names)}. "
            "Something between this machine and the Maven repository changes files; nothing was started from them."
        )


class KafkaJarsUnreachable(RuntimeError):
    """A jar could not be fetched at all."""

    def __init__(self, name: str, cause: Exception) -> None:
        super().__init__(
            f"{name} could not be fetched: {cause}. The first start of Kafka needs the network (about 45 MB); "
            "behind a proxy set HTTPS_PROXY."
        )


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of the distribution: its Maven coordinates and what it must contain."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def listed_jars() -> tuple[Jar, ...]:
    """What `kafka_jars.sha256` names."""
    jars = []
    for line in files(__package__).joinpath("kafka_jars.sha256").read_text("utf-8").splitlines():
        digest, coordinates = line.split()
        group, artifact, version = coordinates.split(":")
        jars.append(Jar(group=group, artifact=artifact, version=version, sha256=digest))
    return tuple(jars)


def cache_folder() -> Path:
    """What this project keeps for the user outside the tree; safe to delete."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "innovationspraktik"


def kafka_classpath(cache: Path | None = None, jars: Sequence[Jar] | None = None) -> str:
    """The class path of a checked Kafka. Several processes may ask at once: one fetches, the others wait for it."""
    wanted = listed_jars() if jars is None else jars
    folder = (cache or cache_folder()) / f"kafka-{KAFKA_VERSION}"
    folder.mkdir(parents=True, exist_ok=True)
    if wrong_jars(folder, wanted):
        with _alone(folder / ".lock"):
            for jar in wrong_jars(folder, wanted):  # again: another process may have mended it meanwhile
                if (folder / jar.filename).exists():
                    _log.warning(
                        "%s is not the file that kafka_jars.sha256 names; fetching it again", jar.filename
                    )
            _fetch(folder, wrong_jars(folder, wanted))
    return os.pathsep.join(str(folder / jar.filename) for jar in wanted)


def wrong_jars(folder: Path, wanted: Sequence[Jar]) -> list[Jar]:
    """Those of the wanted jars that are missing or not what the list says."""
    return [jar for jar in wanted if not _is_right(folder / jar.filename, jar)]


def _is_right(file: Path, jar: Jar) -> bool:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == jar.sha256
    except OSError:
        return False


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # freed by the kernel, also when we are killed
        yield


def _fetch(folder: Path, wanted: Sequence[Jar]) -> None:
    if not wanted:
        return
    if len(wanted) > 1:
        print(f"Fetching Apache Kafka {KAFKA_VERSION} ({len(wanted)} files, once) ...", file=sys.stderr)  # noqa: T201 - a person waits for it
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as scratch, ThreadPoolExecutor(8) as pool:
        damaged = [
            name for name in pool.map(lambda jar: _fetch_one(folder, Path(scratch), jar), wanted) if name
        ]
    if damaged:
        raise KafkaJarsDamaged(damaged)


def _fetch_one(folder: Path, scratch: Path, jar: Jar) -> str | None:
    """Put one checked jar in its place; its name if what came is not the right file."""
    for source in (_own_maven_folder(), None):
        arrived = _obtain(scratch, source, jar)
        if arrived is None:
            continue
        if _is_right(arrived, jar):
            os.replace(arrived, folder / jar.filename)  # whole or not at all, for whoever reads beside us
            return None
    return jar.filename


def _obtain(scratch: Path, local: Path | None, jar: Jar) -> Path | None:
    path = Path(*jar.group.split("."), jar.artifact, jar.version, jar.filename)
    if local is not None:
        if not (local / path).is_file():
            return None
        return Path(shutil.copy(local / path, scratch / jar.filename))
    from jgo.maven import MavenContext  # half a second of imports that a warm start does not need

    maven = MavenContext(repo_cache=scratch, remote_repos=None, timeout=60)
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return Path(maven.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve())
        except Exception as error:  # jgo hands through whatever its HTTP client raises
            (scratch / path).unlink(missing_ok=True)  # half a file would count as the whole one
            if attempt == _ATTEMPTS:
                raise KafkaJarsUnreachable(jar.filename, error) from error
            time.sleep(attempt)
    raise AssertionError("unreachable")


def _own_maven_folder() -> Path:
    return Path(os.environ.get("M2_REPO") or Path.home() / ".m2" / "repository")
