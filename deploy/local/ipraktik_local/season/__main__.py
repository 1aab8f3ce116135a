"""`make demo`: start the stack, play the season, reconcile, show, and stay until Ctrl-C (KEEP=0: leave with the outcome)."""

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx
from rich.console import Console

from ipraktik_contracts.counted import counted
from ipraktik_local.login import login_from
from ipraktik_local.stack import Stack

from .calendar import Calendar, at
from .draw import Draw
from .figures import Figures, funnel, indicators, reconciled
from .mailbox import Mailbox
from .office import Office
from .patience import PatientTransport
from .people import population
from .play import Season
from .reconcile import SERVICES, Reading, read_topics, reconcile, taken_in_everywhere
from .screen import Bars, last_screen, where_to_look
from .timekeeping import Timekeeper

MOST_PARTICIPANTS: Final = 20_000
POLL_SECONDS: Final = "0.1"
"""How often jobs look for work while time is simulated; a season has some hundred moments at which something is due."""


def main() -> int:
    """Play a season as the environment says: PARTICIPANTS, SEED, KEEP, SECURE."""
    participants = _whole("PARTICIPANTS", 142, low=20, high=MOST_PARTICIPANTS)
    seed = _whole("SEED", 2018, low=0, high=2**31)
    keep = os.environ.get("KEEP", "1") != "0"
    home = Path(os.environ.get("LOCAL_HOME", ".local")).resolve()
    home.mkdir(parents=True, exist_ok=True)
    console = Console(width=None if sys.stdout.isatty() else 150)
    calendar = Calendar()
    stack_of_demo = Stack(
        home / "demo",
        fresh=True,
        secure=os.environ.get("SECURE") == "1",
        simulated_from=at(calendar.opens, 8),
        settings={"POLL_SECONDS": POLL_SECONDS},
        say=console.print,
    )
    with stack_of_demo as stack:
        with Bars(console) as bars:
            figures, edition_id, _ = asyncio.run(
                play_and_reconcile(
                    env=stack.env,
                    listens={name: stack.run(name, "listens") for name in SERVICES},
                    calendar=calendar,
                    participants=participants,
                    seed=seed,
                    bars=bars,
                )
            )
        (home / "demo.json").write_text(json.dumps(figures.as_json(), indent=2, ensure_ascii=False) + "\n")
        last_screen(console, figures)
        if keep:
            where_to_look(console, stack.env, edition_id=edition_id, after=calendar.report)
            _until_interrupted()
    return 0 if figures.holds else 1


async def play_and_reconcile(
    *,
    env: Mapping[str, str],
    listens: Mapping[str, str],
    calendar: Calendar,
    participants: int,
    seed: int,
    bars: Bars,
) -> tuple[Figures, str, tuple[Season, Reading]]:
    """A season on a running stack: the figures, the edition, and what was played and read for whoever wants more.

    `listens` holds what each service says it handles, the output of its command of that name.
    """
    draw = Draw(seed)
    began = time.monotonic()
    limits = httpx.Limits(max_connections=40, max_keepalive_connections=40)
    patient = PatientTransport(httpx.AsyncHTTPTransport(limits=limits))
    async with (
        httpx.AsyncClient(timeout=60, transport=patient) as client,
        httpx.AsyncClient(timeout=20, limits=limits) as watcher,
    ):
        season = Season(
            people=population(draw, participants, days=len(calendar.sign_up_days())),
            draw=draw,
            calendar=calendar,
            office=Office(
                client, {name: env[f"{name.upper()}_URL"] for name in SERVICES}, env["COORDINATOR_TOKEN"]
            ),
            mailbox=Mailbox(env["MAIL_URL"], client),
            keeper=Timekeeper(
                Path(env["CLOCK_FILE"]),
                {name: address for name, address in env.items() if "_OPS_" in name},
                watcher,
                now=at(calendar.opens, 8),
            ),
            client=client,
            progress=bars,
        )
        await season.play()
        bars.stage("Reconciliation")
        await season.keeper.quiet()
        reading = await read_topics(login_from(env), namespace=env.get("TOPIC_NAMESPACE", ""))
        databases = {name: env[f"DATABASE_URL_{name.upper()}"] for name in SERVICES}
        outcome = await reconcile(reading, databases=databases)
        handled = {name: frozenset(said.split()) for name, said in listens.items()}
        outcome.findings += await taken_in_everywhere(reading, databases=databases, handled=handled)
        if season.keeper.parked():
            outcome.findings.append(f"parked: {counted(season.keeper.parked(), 'record', 'records')}")
        twice = len((await client.get(f"{env['MAIL_URL']}/api/duplicates")).json()["duplicates"])
    if twice != season.mailbox.sent_again:
        outcome.findings.append(
            f"mails that share a Message-ID: {twice}; sent again in doubt: {season.mailbox.sent_again}"
        )
    figures = Figures(
        participants=participants,
        seed=seed,
        funnel=funnel(reading, posted=season.done["sign up"]),
        indicators=indicators(reading),
        events=dict(reading.by_type),
        mails=dict(season.mailbox.by_kind),
        mails_sent_again=season.mailbox.sent_again,
        mails_twice=0,
        reconciliation=reconciled(outcome),
        holds=outcome.holds,
        clock_steps=season.keeper.steps,
        seconds={**bars.seconds, "whole season": round(time.monotonic() - began, 2)},
    )
    return figures, season.edition_id, (season, reading)


def _whole(name: str, default: int, *, low: int, high: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or not low <= int(text) <= high:
        raise SystemExit(f"{name}: give a whole number from {low} to {high}")
    return int(text)


def _until_interrupted() -> None:
    done = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: done.set())
    done.wait()


if __name__ == "__main__":
    sys.exit(main())
