"""Freezing today's version into `released/`: once, whole, told in the changelog, and never against a promise."""

import re
import shutil
from pathlib import Path

from ..publishing.tree import documents, stale
from .checking import SUMS, altered, breaches, released_contracts, sums_of, version_key
from .contract import contract_of, frozen_files


class CannotRelease(Exception):
    """The version cannot be released. `str()` says why and what to do."""


def release(root: Path) -> tuple[str, int]:
    """Freeze today's version below `root`; gives back the version and how many files. Raises CannotRelease."""
    if not (root / "CHANGELOG.md").exists():
        raise CannotRelease(
            "CHANGELOG.md is not there; run this in a checkout or name its contracts folder with --into"
        )
    files = frozen_files()
    today = contract_of(files)
    version, folder = today.version, root / "released"
    if behind := stale(root, documents()):
        raise CannotRelease(
            f"{behind[0]} and {len(behind) - 1} more are stale; run `python -m ipraktik_contracts.publish` first"
        )
    if not told_of(version, (root / "CHANGELOG.md").read_text(encoding="utf-8")):
        raise CannotRelease(
            f"CHANGELOG.md says nothing of {version}; write `## {version}` and, by what changes for whom, a line for each"
        )
    released = released_contracts(folder)
    if version in released:
        raise CannotRelease(f"{version} is released already; raise VERSION in version.py for the next one")
    if released and version_key(version) < version_key(max(released, key=version_key)):
        raise CannotRelease(f"{version} is lower than what is released; raise VERSION in version.py")
    if wrong := [*altered(folder), *breaches(today, released)]:
        raise CannotRelease("it would break what is promised:\n" + "\n".join(map(str, wrong)))
    _write(folder / version, {**files, SUMS: sums_of(files)})
    return version, len(files)


def told_of(version: str, changelog: str) -> bool:
    """Whether the changelog has a heading for the version with at least one point below it."""
    found = re.search(
        rf"^## {re.escape(version)}(?![0-9.]).*?$(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL
    )
    return found is not None and re.search(r"^- \S", found[1], re.MULTILINE) is not None


def _write(folder: Path, files: dict[str, str]) -> None:
    """All or nothing: the folder gets its name when everything is in it."""
    making = folder.with_name(f".{folder.name}")
    shutil.rmtree(making, ignore_errors=True)
    for path, text in files.items():
        target = making / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    making.rename(folder)
