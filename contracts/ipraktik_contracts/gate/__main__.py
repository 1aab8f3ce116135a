"""`python -m ipraktik_contracts.gate` checks; `python -m ipraktik_contracts.gate release` freezes today's version."""

import argparse
import sys
from pathlib import Path

from ..publishing.tree import ROOT
from .checking import altered, breaches, released_contracts
from .contract import NotAContract, todays
from .releasing import CannotRelease, release


def main(arguments: list[str] | None = None) -> int:
    """The exit status: 0 where every promise holds, 1 where one does not, 2 where the command cannot do its work."""
    parser = argparse.ArgumentParser(
        prog="python -m ipraktik_contracts.gate",
        description="Hold today's contract against every released version of its major.",
    )
    parser.add_argument("act", nargs="?", choices=("check", "release"), default="check")
    parser.add_argument(
        "--into", type=Path, default=ROOT, help="the folder with released/; else the checkout"
    )
    chosen = parser.parse_args(arguments)
    root: Path = chosen.into
    try:
        if chosen.act == "release":
            version, files = release(root)
            sys.stdout.write(f"released: {version}, {files} files in released/{version}\n")
            return 0
        if not (root / "CHANGELOG.md").exists():
            raise CannotRelease(
                "released/ belongs to a checkout; run this there or name its contracts folder with --into"
            )
        return _check(root / "released")
    except (CannotRelease, NotAContract, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _check(folder: Path) -> int:
    today, released = todays(), released_contracts(folder)
    found = [*altered(folder), *breaches(today, released)]
    for breach in found:
        sys.stdout.write(f"{breach}\n")
    if found:
        sys.stdout.write(f"{len(found)} promises would be broken.\n")
        return 1
    major = today.version.partition(".")[0]
    held = [version for version in released if version.partition(".")[0] == major]
    if not held:
        sys.stdout.write(f"No version {major}.x is released yet: nothing is promised.\n")
        return 0
    sys.stdout.write(
        f"{today.version} keeps every promise of {', '.join(held)}: {len(today.producers) - 1} types, "
        f"{sum(len(released[one].examples) for one in held)} released records read.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
