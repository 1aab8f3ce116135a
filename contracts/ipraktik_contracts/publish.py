"""`python -m ipraktik_contracts.publish` writes everything that is generated from the events, or says with --check what is stale.

The one command for all published documents; `publishing/` holds what it writes. Files of events that are gone are removed.
"""

import argparse
import sys
from pathlib import Path

from .publishing.readme import COMMAND
from .publishing.records import example_document
from .publishing.tree import ROOT, SiteNeedsMore, documents, site_documents, stale, write

__all__ = ["COMMAND", "ROOT", "documents", "example_document", "main", "stale", "write"]


def main(arguments: list[str] | None = None) -> int:
    """Write, or with --check only say; the exit status is 0 where everything is as the classes say."""
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description="Write schemas, registry, AsyncAPI, diagrams, examples, the README's table and the site.",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; status 1 where something is stale"
    )
    parser.add_argument(
        "--into", type=Path, default=ROOT, help="the folder with README.md; else the checkout"
    )
    chosen = parser.parse_args(arguments)
    root: Path = chosen.into
    if not (root / "README.md").exists():
        sys.stderr.write(
            "README.md is not there; run this in a checkout or name its contracts folder with --into\n"
        )
        return 2
    wanted, whole = documents(), True
    try:
        wanted |= site_documents()
    except SiteNeedsMore as missing:
        sys.stderr.write(f"{missing}\n")
        whole = False
    changed = stale(root, wanted) if chosen.check else write(root, wanted)
    for path in changed:
        sys.stdout.write(f"{'stale' if chosen.check else 'written'}: {path}\n")
    return 1 if not whole or (chosen.check and changed) else 0


if __name__ == "__main__":
    sys.exit(main())
