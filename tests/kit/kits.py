"""The kits as programs: what each needs to be there, how it is built, and how a member of its group is started."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from foreign import tool

from ipraktik_local.kafka_jars import cache_folder

KIT: Final = Path(__file__).parents[2] / "contracts" / "kit"
PYTHON, NODE, JAVA = KIT / "python", KIT / "node", KIT / "java"
BUILT_WITHIN: Final = 600.0


@dataclass(frozen=True)
class Kit:
    """One way to subscribe. `build` makes it ready in a folder of its own and says how to start it and where."""

    name: str
    build: Callable[[Path], tuple[list[str], Path]]

    def __str__(self) -> str:
        return self.name


def _python(module: str) -> Callable[[Path], tuple[list[str], Path]]:
    return lambda home: ([sys.executable, "-m", f"subscriber.{module}"], PYTHON)


def _node(home: Path) -> tuple[list[str], Path]:
    tool("node", install="Node.js 20 or newer")
    npm = tool("npm", install="Node.js 20 or newer with npm")
    folder = home / "built" / "node"
    if not (folder / "node_modules").exists():
        shutil.copytree(NODE, folder, ignore=shutil.ignore_patterns("node_modules"), dirs_exist_ok=True)
        quiet = ("--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")
        _run([npm, "ci", *quiet, f"--cache={cache_folder() / 'npm'}"], folder)
    return ["node", "subscriber.mjs"], folder


def _java(home: Path) -> tuple[list[str], Path]:
    tool("javac", install="a JDK 17 or newer (Debian, Ubuntu: sudo apt install default-jdk)")
    maven = tool("mvn", install="Maven (Debian, Ubuntu: sudo apt install maven)")
    folder = home / "built" / "java"
    if not (folder / "target" / "subscriber.jar").exists():
        shutil.copytree(JAVA, folder, ignore=shutil.ignore_patterns("target"), dirs_exist_ok=True)
        package = [maven, "-q", "-B", f"-Dmaven.repo.local={cache_folder() / 'maven'}", "package"]
        # without the network first: most runs find everything there
        if _ended([*package, "-o"], folder).returncode:
            _run(package, folder)
    short_lived = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx96m")
    return ["java", *short_lived, "-jar", "target/subscriber.jar"], folder


AIOKAFKA: Final = Kit("aiokafka", _python("with_aiokafka"))
FASTSTREAM: Final = Kit("faststream", _python("with_faststream"))
NODEJS: Final = Kit("node", _node)
JVM: Final = Kit("java", _java)

AT_ONCE: Final = [
    pytest.param((AIOKAFKA, FASTSTREAM), id="python"),
    pytest.param((NODEJS,), id="node", marks=pytest.mark.long),
    pytest.param((JVM,), id="java", marks=pytest.mark.long),
]
"""What is tried together, so that a missing tool of one language hides nothing of another."""


def _ended(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=BUILT_WITHIN,
        check=False,
    )


def _run(command: list[str], folder: Path) -> None:
    ended = _ended(command, folder)
    assert ended.returncode == 0, f"{' '.join(command[:3])} …\n{ended.stdout[-4000:]}\n{ended.stderr[-4000:]}"
