"""`python -m bench`: measure everything, say it as it comes, and write the page of figures.

SIZE=small|normal|large chooses how much. The page in the tree is left alone by a small run, whose figures mean nothing; a
page that is named is always written.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import asyncpg
from bench.consumer_row import compare_consumer
from bench.contract_rows import compare_decode, compare_verify
from bench.figures import Comparison, Memory, Operated
from bench.imports import memory_by_import
from bench.latency_row import compare_latency
from bench.memory_row import measure_memory
from bench.operations_row import OPERATIONS, measure_operations
from bench.page import rendered, rendered_operations, rendered_pages, rewrite, surroundings
from bench.page_rows import compare_pages
from bench.relay_row import compare_relay
from bench.sign_up_row import compare_sign_up
from bench.sizes import chosen_size

from ipraktik_local.kafka_jars import KAFKA_VERSION
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.stack import Stack

_PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
ALL = ("relay", "consumer", "sign-up", "latency", "decode", "verify", "pages", "memory", *OPERATIONS)
"""Every row, in the order in which they are measured."""
_TOGETHER = {"operations": OPERATIONS}


def main() -> None:
    """Run the rows asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios to bare loops, and memory.")
    parser.add_argument(
        "rows",
        nargs="*",
        metavar="ROW",
        help=f"of {', '.join(ALL)}; operations: the last five; all if none is named",
    )
    parser.add_argument("--page", type=Path, help="the page to write")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)  # a retry is what a figure shows, not a line among the figures
    asked_for = [row for name in arguments.rows for row in _TOGETHER.get(name, [name])]
    if unknown := set(asked_for) - set(ALL):
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    rows = asked_for or list(ALL)
    size = chosen_size()
    compared: list[Comparison] = []
    paged: list[Comparison] = []
    memory: list[Memory] = []
    operated = Operated()
    with tempfile.TemporaryDirectory(prefix="ipraktik-bench-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        with Stack(home / "one", services=["registration"], rooms=["serve"], settings=_UNWATCHED) as stack:
            kafka, postgres = stack.kafka, stack.postgres
            assert kafka is not None
            assert postgres is not None
            around = surroundings(kafka=KAFKA_VERSION, postgres=asyncio.run(_version(postgres)))
            if "relay" in rows:
                compared += _said(compare_relay(kafka=kafka, postgres=postgres, size=size))
            if "consumer" in rows:
                compared += _said(compare_consumer(kafka=kafka, postgres=postgres, size=size))
            if "sign-up" in rows:
                compared += _said(compare_sign_up(stack=stack, postgres=postgres, size=size))
            if "latency" in rows:
                compared += _said(compare_latency(kafka=kafka, postgres=postgres, size=size))
            if "decode" in rows:
                compared += _said(compare_decode(size=size))
            if "verify" in rows:
                compared += _said(compare_verify(kafka=kafka, size=size))
        if "pages" in rows:
            for row in compare_pages(home=home / "pages", size=size):
                paged += _said([row])
        if "memory" in rows:
            with Stack(home / "all", settings=_UNWATCHED) as stack:
                memory += measure_memory(stack=stack, size=size)
            for one in memory:
                _say(f"{one.process}: {one.idle:.1f} MiB left alone, {one.loaded:.1f} under load")
        if set(rows) & set(OPERATIONS):
            operated = measure_operations(
                home=home / "operations", rows=rows, size=size, cores=around.cores, say=_say
            )
    written: dict[str, Sequence[str]] = {}  # what the page says, and the rows that it must be made of
    apart = (*OPERATIONS, "pages")
    if any(row not in apart for row in rows):
        imports = memory_by_import() if memory else {}
        text = rendered(
            around=around,
            size=size.name,
            repeats=size.repeats,
            compared=compared,
            memory=memory,
            imports=imports,
        )
        written[text] = [row for row in ALL if row not in apart]
    if paged:
        text = rendered_pages(around=around, size=size.name, repeats=size.repeats, compared=paged)
        written[text] = ["pages"]
    if set(rows) & set(OPERATIONS):
        text = rendered_operations(around=around, size=size.name, repeats=size.repeats, operated=operated)
        written[text] = OPERATIONS
    for text, whole in written.items():
        _say("\n" + text)
        page = arguments.page or (_PAGE if size.name != "small" and set(whole) <= set(rows) else None)
        if page is not None:
            rewrite(page, text)
            _say(f"\nwritten to {page}")


_UNWATCHED = {"LOG_LEVEL": "WARNING"}


async def _version(postgres: PostgresServer) -> str:
    conn = await asyncpg.connect(postgres.admin_url)
    try:
        return str(await conn.fetchval("show server_version")).partition(" ")[0]
    finally:
        await conn.close()


def _said(found: Sequence[Comparison]) -> Sequence[Comparison]:
    for one in found:
        least, median, most = one.spread
        _say(f"{one.ours} / {one.bare}: {least:.2f} / {median:.2f} / {most:.2f}")
    _say(f"    {found[0].rates}")
    return found


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
