"""Which pinned packages an image holds: the part of requirements.lock that one service needs, hashes and all.

    python deploy/closure.py SERVICE    print that part, for `pip install --require-hashes --no-deps --requirement`
    python deploy/closure.py build      print what compiles and builds our own packages and writes the bill of materials
    python deploy/closure.py --write    work out closures.toml anew, from what is installed in .venv

Invariants: versions and hashes come from requirements.lock and from nowhere else; a name that is not in it is an error, never a
package without a hash. Printing needs the standard library only, since the image's builder has nothing else. closures.toml
holds bare names, so that a change of what an image holds is a line that a reviewer sees; a test keeps it current.
"""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
CLOSURES: Final = HERE / "closures.toml"
SERVICES: Final = ("registration", "matching", "notify", "evaluation")
EVERY_SERVICE: Final = "every-service"
BUILD: Final = "build"
OURS: Final = "ipraktik-"
TOOLS: Final = ("cyclonedx-python-lib", "cython", "hatchling")
"""What the builder runs and no image holds."""
TARGET: Final = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.12.0",
    "python_version": "3.12",
    "sys_platform": "linux",
}
"""What markers are judged by: the image, not the machine that this runs on."""

_HEADER: Final = """\
# Which packages of requirements.lock the images hold: those of every service, and what one holds beyond them.
# `build` is what compiles and builds our own packages and writes the bill of materials; no image holds it. Versions and hashes are in requirements.lock alone.
# Written by `.venv/bin/python deploy/closure.py --write`.
"""


def pinned(lock: str) -> dict[str, str]:
    """Each package of a lock with its lines, hashes included; one name may stand in it twice, under different markers."""
    blocks: dict[str, str] = {}
    for block in re.split(r"\n(?=\S)", lock):
        name = re.match(r"([A-Za-z0-9._-]+)==", block)
        if name:
            blocks[_plain(name[1])] = blocks.get(_plain(name[1]), "") + block.rstrip("\n") + "\n"
    return blocks


def closure_of(root: str) -> list[str]:
    """Everything that an installed package needs on the target, itself and our own packages left out."""
    from packaging.requirements import Requirement  # not there in the image's builder, which only prints

    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    queue = [(root, "")]
    while queue:
        name, extra = queue.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found.add(name)
        for text in metadata.requires(name) or ():
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({**TARGET, "extra": extra}):
                queue += [(_plain(needed.name), one) for one in ("", *needed.extras)]
    return sorted(name for name in found if not name.startswith(OURS))


def closures() -> str:
    """closures.toml as it must be, from what is installed."""
    whole = {service: closure_of(OURS + service) for service in SERVICES}
    every = set.intersection(*map(set, whole.values()))
    lists = {
        BUILD: sorted({name for tool in TOOLS for name in closure_of(tool)}),
        EVERY_SERVICE: sorted(every),
    }
    lists |= {service: [name for name in names if name not in every] for service, names in whole.items()}
    return _HEADER + "".join(
        f"\n{name} = ["
        + "".join(f'\n    "{package}",' for package in packages)
        + ("\n]\n" if packages else "]\n")
        for name, packages in lists.items()
    )


def held_by(image: str) -> list[str]:
    """The names of the packages of one image, or of the build. Raises ValueError where there is no such image."""
    if image not in (BUILD, *SERVICES):
        raise ValueError(f"{image}: choose one of {', '.join((BUILD, *SERVICES))}")
    lists: dict[str, list[str]] = tomllib.loads(CLOSURES.read_text("utf-8"))
    return sorted(lists[image] if image == BUILD else [*lists[EVERY_SERVICE], *lists[image]])


def requirements(image: str, *, lock: str) -> str:
    """The lines of the lock for one image. Raises ValueError where one is missing."""
    blocks = pinned(lock)
    names = held_by(image)
    missing = [name for name in names if name not in blocks]
    if missing:
        raise ValueError(
            f"not in requirements.lock: {', '.join(missing)}; run closure.py --write after `make setup`"
        )
    return "".join(blocks[name] for name in names)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: list[str]) -> int:
    """Print or write; returns the exit status."""
    if arguments == ["--write"]:
        CLOSURES.write_text(closures(), "utf-8")
        return 0
    if len(arguments) != 1:
        sys.stderr.write(f"python deploy/closure.py {'|'.join(SERVICES)}|{BUILD}|--write\n")
        return 2
    try:
        sys.stdout.write(
            requirements(arguments[0], lock=(HERE.parent / "requirements.lock").read_text("utf-8"))
        )
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
