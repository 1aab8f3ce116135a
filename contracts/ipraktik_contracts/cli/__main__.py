"""`python -m ipraktik_contracts.cli` is `ipraktik-events`."""

import sys

from .entry import main

if __name__ == "__main__":
    sys.exit(main())
