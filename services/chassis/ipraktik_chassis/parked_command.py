"""`parked list|show|replay|discard`: the operator's way with records that could not be taken in."""

import argparse
import sys
from typing import Final

from . import parked
from .composition import imported, open_context
from .intake import Intake
from .metrics import ConsumerMetrics
from .replaying import replay
from .service import Service
from .settings import Settings

MOST: Final = 10_000
"""As many records as one run of the command looks at; bodies and all, they must fit into memory."""


async def run(service: Service, settings: Settings, arguments: list[str]) -> int:
    """Carry out one of the four. Bodies are shown only by `show`, because internal ones hold personal data."""
    parser = argparse.ArgumentParser(prog=f"python -m ipraktik_{service.name} parked")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("list", help="what is parked, oldest first")
    acts.add_parser("show", help="one record whole, body included").add_argument("id", type=int)
    replaying = acts.add_parser("replay", help="take it in now, with what waits behind it")
    which = replaying.add_mutually_exclusive_group(required=True)
    which.add_argument("id", type=int, nargs="?")
    which.add_argument("--all", action="store_true")
    acts.add_parser("discard", help="give one record up for good").add_argument("id", type=int)
    chosen = parser.parse_args(arguments)

    context = open_context(service, settings)
    await context.database.open()
    try:
        async with context.database.reading() as conn:
            number = getattr(chosen, "id", None)
            found = await parked.listed(conn, consumer=service.name, id=number, limit=MOST)
            parked_in_all = await parked.count(conn)
        if chosen.act == "list":
            for one in found:
                _say(
                    f"{one.id}\t{one.parked_at.isoformat()}\t{one.kind}\t{one.record.topic}[{one.record.partition}]@{one.record.position}\t{one.reason}"
                )
            _say(f"{parked_in_all} parked")
            return 0
        if not found and chosen.act == "replay" and chosen.all:
            _say("nothing is parked")
            return 0
        if not found:
            sys.stderr.write("nothing is parked under that number; `parked list` shows what is\n")
            return 1
        if chosen.act == "show":
            record = found[0].record
            _say(f"{found[0].kind}: {found[0].reason}")
            for name, raw in record.headers:
                _say(f"{name}: {'(null)' if raw is None else raw.decode(errors='backslashreplace')}")
            _say("(no body)" if record.body is None else record.body.decode(errors="backslashreplace"))
            return 0
        if chosen.act == "discard":
            async with context.database.transaction() as tx:
                await parked.remove(tx.conn, id=chosen.id)
            _say(f"{chosen.id} is discarded; what waited behind it goes with `parked replay --all`")
            return 0
        intake = Intake(
            database=context.database,
            consumer=service.name,
            subscriptions=imported(service.work)(context).subscriptions,
            clock=context.clock,
            metrics=ConsumerMetrics(context.registry),
        )
        outcomes = await replay(
            database=context.database, intake=intake, consumer=service.name, records=found
        )
        for number, reason in outcomes.items():
            _say(f"{number}\t{'taken in' if reason is None else 'still parked: ' + reason}")
        return 0 if all(reason is None for reason in outcomes.values()) else 1
    finally:
        await context.database.close()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
