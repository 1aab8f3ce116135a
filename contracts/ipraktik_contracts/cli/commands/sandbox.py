"""`ipraktik-events sandbox`: a fictional edition to develop against."""

import asyncio
import os
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated

import typer

from ...counted import counted
from .. import loop, options, output
from ..broker import producer_of, sentences
from ..ground import ground
from ..lives.edition import MOST_PARTICIPANTS, Edition, edition_events
from ..lives.hostile import PEACE, Hostility, Play, hostile
from ..login import Login
from ..playing import Player
from ..refusal import HOLDS, CannotDo


def sandbox(
    participants: Annotated[int, typer.Option(min=3, max=MOST_PARTICIPANTS, help="How many sign up.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed plays the same edition, to the byte.")] = 37,
    year: Annotated[int, typer.Option(min=1970, max=2999, help="The stays lie in week 37 of it.")] = 2027,
    speed: Annotated[
        str,
        typer.Option(
            help="fast: as quick as the broker; real: as in life, so it takes ten months; a number: so many times as fast as life."
        ),
    ] = "fast",
    repeats: Annotated[float, typer.Option(min=0, max=1, help="Share of records sent again later.")] = 0.1,
    unknown: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Share of events followed by one of a type, or a major, that nobody knows yet."
        ),
    ] = 0.03,
    newer: Annotated[
        float,
        typer.Option(
            min=0, max=1, help="Share of events as a newer minor version writes them: more fields, new codes."
        ),
    ] = 0.1,
    older: Annotated[
        float,
        typer.Option(
            min=0,
            max=1,
            help="Share of events as an older minor version wrote them: optional fields are missing.",
        ),
    ] = 0.05,
    within: Annotated[
        bool,
        typer.Option(
            "--unknown-within",
            help="Unknown types also within the line of a known aggregate, taking up a number.",
        ),
    ] = False,
    pauses: Annotated[int, typer.Option(min=0, max=1000, help="How often nothing comes for a while.")] = 2,
    pause_seconds: Annotated[float, typer.Option(min=0, max=3600, help="How long nothing comes.")] = 1.0,
    peaceful: Annotated[
        bool,
        typer.Option(
            "--peaceful", help="Nothing injected: only what happened, once, as today's version writes it."
        ),
    ] = False,
    stay: Annotated[
        bool, typer.Option(help="Keep broker and topics until Ctrl-C; else end when everything is played.")
    ] = True,
    keep: Annotated[
        bool, typer.Option("--keep", help="Leave the topics on the broker that was named.")
    ] = False,
    own: Annotated[
        bool, typer.Option("--own", help="Start a broker of its own, also where KAFKA_BOOTSTRAP names one.")
    ] = False,
    bootstrap: options.Bootstrap = None,
    namespace: options.Namespace = None,
) -> None:
    """Play a fictional edition: sign-ups, proposals, agreements, stays, evaluations and the report. Nobody in it is real.

    Every life is one that the published lifecycles allow, the unhappy ones too, and the stream is as hostile as the contract allows:
    records sent twice, soon or long after; types and majors that nobody knows yet; newer and older minor versions; bodies just below
    the limit; pauses. A good subscriber ends with the same state as from `--peaceful` (but for the numbers taken up within known lines
    with `--unknown-within`), and `verify` proves the topics.

    **On a broker that is named** (`--bootstrap` or KAFKA_BOOTSTRAP) it plays into topics under a namespace (else `sandbox.`), never into
    the real ones; topics that are not there are made. **Without one** it starts Apache Kafka itself in a temporary folder, where
    `ipraktik_local` is installed, and the topics have their real names. Where to connect is printed first, as KEY=value lines.

    Ctrl-C leaves nothing behind: topics that were made are removed, a broker that was started is stopped and its data removed.

    Exit status: 0 played, 2 could not be tried.
    """
    hostility = (
        PEACE
        if peaceful
        else Hostility(repeats=repeats, unknown=unknown, newer=newer, older=older, unknown_within=within)
    )
    edition = Edition(seed=seed, participants=participants, year=year)
    pace = _Pace(_speed(speed), 0 if peaceful else pauses, pause_seconds)
    where = ground(os.environ, bootstrap=bootstrap, namespace=namespace, own=own, keep=keep)
    loop.run(_sandbox(where, edition, hostility, pace, stay=stay), interrupted=HOLDS)


@dataclass(frozen=True, slots=True)
class _Pace:
    speed: float | None
    pauses: int
    pause_seconds: float


def _speed(word: str) -> float | None:
    """Calendar seconds per second; None for as fast as it goes. Raises CannotDo."""
    if word in ("fast", "real"):
        return None if word == "fast" else 1.0
    try:
        speed = float(word)
    except ValueError:
        speed = 0.0
    if not 0 < speed < 1e12:
        raise CannotDo(
            f"--speed {word[:40]}: give fast, real, or a number above 0, such as 86400 for a day in a second"
        )
    return speed


async def _sandbox(
    where: AbstractAsyncContextManager[Login],
    edition: Edition,
    hostility: Hostility,
    pace: _Pace,
    *,
    stay: bool,
) -> int:
    plays = hostile(edition_events(edition), seed=edition.seed, hostility=hostility)
    async with where as login:
        output.say(f"KAFKA_BOOTSTRAP={login.bootstrap}")
        output.say(f"TOPIC_NAMESPACE={login.namespace}")
        output.flush()
        await _play(login, plays, pace)
        output.note(
            f"played: {counted(len(plays), 'record', 'records')}, "
            + counted(sum(1 for play in plays if not play.repeat), "event", "events")
        )
        if stay:
            output.note("Everything stays until Ctrl-C.")
            await asyncio.Event().wait()
    return HOLDS


async def _play(login: Login, plays: Sequence[Play], pace: _Pace) -> None:
    with sentences(login):
        async with producer_of(login) as producer:
            player = Player(producer, login, speed=pace.speed)
            stretch = max(-(-len(plays) // (pace.pauses + 1)), 1)
            for begin in range(0, len(plays), stretch):
                if begin:
                    await asyncio.sleep(pace.pause_seconds)
                await player.play(plays[begin : begin + stretch])
