"""Programs and packages of other worlds (Debian, npm) that some tests drive: found, fetched once, or asked for in one line."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest

from ipraktik_local.kafka_jars import cache_folder

_FETCHED_WITHIN = 110.0


def tool(*names: str, install: str) -> str:
    """The first of these programs that is there. Where none is, CI fails, and a developer goes without the test."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        go_without(f"{names[0]} is missing; install {install}")
    return found


def go_without(missing: str) -> NoReturn:
    """End a test whose tool is not there: CI fails, a developer reads in one line what to install."""
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing)  # said in one line; the run that decides has the program


def npm_packages(pinned: Path) -> Path:
    """A folder outside the tree with the packages of `pinned`'s lock file, fetched once per lock. Raises where npm refuses."""
    npm = tool("npm", install="Node.js 20 or newer with npm (Debian, Ubuntu: sudo apt install npm)")
    digest = hashlib.sha256((pinned / "package-lock.json").read_bytes()).hexdigest()[:16]
    folder = cache_folder() / "npm" / f"{pinned.name}-{digest}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as parent:
            made = Path(parent) / "made"
            made.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(pinned / name, made)
            ended = subprocess.run(
                [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=made,
                capture_output=True,
                text=True,
                timeout=_FETCHED_WITHIN,
                check=False,
            )
            assert ended.returncode == 0, ended.stderr[-2000:]
            made.rename(
                folder
            )  # whole or not at all: what an interrupted run leaves must not pass for the packages
    return folder
