"""What independent programs say of our files: veraPDF of documents, ical4j of calendars. Both come from Maven, fetched once."""

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from foreign import tool

from ipraktik_local.kafka_jars import cache_folder

_HERE: Final = Path(__file__).parent
_FETCHED_WITHIN: Final = 100.0
_JUDGED_WITHIN: Final = 60.0


def pdf_faults(*, standard: str, documents: Sequence[bytes], home: Path) -> str:
    """What breaks the standard ("ua1", "2a") in these documents; empty where all keep it."""
    return _faults("pdf", [standard], documents, suffix=".pdf", home=home)


def calendar_faults(*, calendars: Sequence[bytes], home: Path) -> str:
    """What is wrong with these calendar files; empty where nothing is."""
    return _faults("calendar", [], calendars, suffix=".ics", home=home)


def _faults(kind: str, first: list[str], files: Sequence[bytes], *, suffix: str, home: Path) -> str:
    tool("javac", install="a JDK 17 or newer (Debian, Ubuntu: sudo apt install default-jdk)")
    assert files
    names = []
    for number, content in enumerate(files):
        name = home / f"judged-{number}{suffix}"
        name.write_bytes(content)
        names.append(str(name))
    ended = _ended(
        [
            "java",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            f"{_jars(kind)}/*",
            str(_HERE / kind / "Validator.java"),
            *first,
            *names,
        ],
        home,
        _JUDGED_WITHIN,
    )
    if ended.returncode == 0:
        assert ended.stdout.count(" ok ") == len(files), ended.stdout
        return ""
    return ended.stdout + ended.stderr


def _jars(kind: str) -> Path:
    """A folder outside the tree with the validator's jars, fetched once per pom."""
    pom = _HERE / kind / "pom.xml"
    folder = cache_folder() / f"{kind}-validator-{hashlib.sha256(pom.read_bytes()).hexdigest()[:16]}"
    if not folder.exists():
        maven = tool("mvn", install="Maven (Debian, Ubuntu: sudo apt install maven)")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as parent:
            shutil.copy(pom, parent)
            made = Path(parent) / "jars"
            ended = _ended(
                [
                    maven,
                    "-q",
                    "-B",
                    f"-Dmaven.repo.local={cache_folder() / 'maven'}",
                    "dependency:copy-dependencies",
                    f"-DoutputDirectory={made}",
                ],
                Path(parent),
                _FETCHED_WITHIN,
            )
            assert ended.returncode == 0, ended.stdout[-2000:]
            made.rename(folder)  # whole or not at all
    return folder


def _ended(command: list[str], folder: Path, within: float) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within,
        check=False,
    )
