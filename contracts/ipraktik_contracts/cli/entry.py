"""The way in. The script is installed with the bare package too, so without the extra it says what to install."""

import sys
from collections.abc import Sequence

EXTRA_MISSING = "ipraktik-events needs the extra `cli`: pip install 'ipraktik-contracts[cli]'\n"
CANNOT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    try:
        from .app import run  # here, so that the bare package can say what is missing
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in {"typer", "rich", "aiokafka"}:
            sys.stderr.write(EXTRA_MISSING)
            return CANNOT
        raise
    return run(arguments)
