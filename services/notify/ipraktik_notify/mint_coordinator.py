"""`mint-coordinator`: print a token with which a coordinator's program may act; people sign in on the page.

It needs the signing key and the clock, nothing else: no database, no broker.
"""

import argparse
import sys
from datetime import timedelta
from typing import Final

from ipraktik_chassis.links import Coordinator, LinkMinter
from ipraktik_chassis.settings import load
from ipraktik_notify.settings import NotifySettings

_REAL_DAYS: Final = 30
_SIMULATED_DAYS: Final = 400  # a played season must not outlive its coordinator


class _KeyAndClock(NotifySettings):
    database_url: str = ""


def mint_coordinator(arguments: list[str]) -> int:
    """Print the token on a line of its own; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ipraktik_notify mint-coordinator")
    parser.add_argument("--name", default="coordinator", help="what histories show")
    parser.add_argument("--days", type=int, default=None, help="how long the token holds")
    chosen = parser.parse_args(arguments)
    settings = load(_KeyAndClock)
    if settings.link_private_key_file is None:
        sys.stderr.write("LINK_PRIVATE_KEY_FILE: name the PEM file of the signing key\n")
        return 2
    usual = _SIMULATED_DAYS if settings.clock_file else _REAL_DAYS
    days = usual if chosen.days is None else chosen.days
    if not 1 <= days <= 3650:
        sys.stderr.write("--days: between 1 and 3650\n")
        return 2
    minter = LinkMinter(settings.link_private_key_file.read_bytes())
    expires_at = settings.clock().now() + timedelta(days=days)
    sys.stdout.write(minter.coordinator(Coordinator(chosen.name, expires_at)) + "\n")
    return 0
