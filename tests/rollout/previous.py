"""The version before this one, from the history of this tree, as a folder that processes can be started from.

It is the newest state whose schemas lie before today's: the version that a release must be able to stand beside, since it is the one
that runs while the new schema is there already. A state with a migration that today's tree does not have was never brought out, and
is passed over. `PREVIOUS=<commit or tag>` names another.
"""

import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_PACKAGES: Final = ("contracts", "services/chassis")
_MIGRATIONS: Final = "services/*/ipraktik_*/migrations/*.sql"


class NoHistory(RuntimeError):
    """The tree has no older version: it is a shallow clone, or no clone."""

    def __init__(self, said: str) -> None:
        super().__init__(
            "The version before this one is taken from git, and this clone does not have it. "
            f"Get the whole history (git fetch --unshallow), or name a commit: PREVIOUS=<commit>. Git said: {said.strip()}"
        )


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the services: its commit, and where its code lies. Without a folder it is the code that is installed."""

    name: str
    folder: Path | None = None

    def command(self, service: str, verb: str) -> Sequence[str]:
        """How a service of this version is started."""
        plain = (sys.executable, "-m", f"ipraktik_{service}", verb)
        if self.folder is None:
            return plain
        path = os.pathsep.join(str(self.folder / one) for one in (*_PACKAGES, f"services/{service}"))
        return ("env", f"PYTHONPATH={path}", *plain)


CURRENT: Final = Version("this version")


def previous(into: Path) -> Version:
    """Lay the version before this one out in a folder. Raises NoHistory."""
    commit = _git(
        "rev-parse", "--verify", f"{os.environ.get('PREVIOUS') or _before_newest_schema()}^{{commit}}"
    )
    into.mkdir(parents=True, exist_ok=True)
    packed = into / "previous.tar"
    _git("archive", "--format=tar", "--output", str(packed), commit, "contracts", "services", silent=True)
    with tarfile.open(packed) as archive:
        archive.extractall(into, filter="data")
    packed.unlink()
    return Version(commit[:12], into)


def schemas_of(folder: Path) -> set[str]:
    """The migrations that a version of all services has, each by its path below the folder."""
    return {str(file.relative_to(folder)) for file in folder.glob(_MIGRATIONS)}


def _before_newest_schema() -> str:
    today = schemas_of(ROOT)
    for changed in _git("log", "--format=%H", "--", _MIGRATIONS).split():
        before = f"{changed}^"
        files = _git("ls-tree", "-r", "--name-only", before, "services").splitlines()
        if {file for file in files if fnmatch(file, _MIGRATIONS)} < today:
            return before
    raise NoHistory("no version has an older schema")


def _git(*arguments: str, silent: bool = False) -> str:
    ended = subprocess.run(("git", *arguments), cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode != 0 or not (silent or ended.stdout.strip()):
        raise NoHistory(ended.stderr or "nothing")
    return ended.stdout.strip()
