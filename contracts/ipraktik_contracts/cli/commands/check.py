"""`ipraktik-events check`: conformance of a subscriber."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from .. import loop, options, output
from ..broker import admin_of, producer_of, sentences
from ..conformance.course import Course
from ..conformance.echo import Echo, EchoFile
from ..conformance.subject import Subject
from ..conformance.topic_echo import echo_topic
from ..conformance.watching import Watch
from ..ground import fictional_login, ground
from ..lives.edition import Edition, edition_events
from ..lives.hostile import Hostility, Play, hostile
from ..login import Login
from ..playing import Player
from ..reading import read_all
from ..records import Taken
from ..refusal import BROKEN, HOLDS, CannotDo

_PARTS_WITHOUT_RESTARTS = 3


def check(
    group: Annotated[
        str,
        typer.Option(
            "--group", metavar="GROUP", help="The subscriber's consumer group, as it is called on the broker."
        ),
    ],
    echo: Annotated[
        Path | None,
        typer.Option("--echo", metavar="FILE", help="The file to which the subscriber appends its echo."),
    ] = None,
    echo_to: Annotated[
        str | None,
        typer.Option(
            "--echo-topic", metavar="TOPIC", help="Or the topic, with its full name, keyed by the aggregate."
        ),
    ] = None,
    run: Annotated[
        str | None,
        typer.Option(
            "--run",
            metavar="COMMAND",
            help="Start the subscriber with this command, kill it on the way and start it again. It gets KAFKA_BOOTSTRAP, "
            "TOPIC_NAMESPACE, KAFKA_GROUP and ECHO_FILE on top of our environment.",
        ),
    ] = None,
    restarts: Annotated[
        int, typer.Option(min=0, max=20, help="With --run: how often it is killed in a lull.")
    ] = 2,
    run_log: Annotated[
        Path | None, typer.Option("--run-log", metavar="FILE", help="With --run: where its output goes.")
    ] = None,
    participants: Annotated[int, typer.Option(min=3, max=5000, help="How large the edition is.")] = 60,
    seed: Annotated[
        int | None,
        typer.Option(help="Play the stream of this seed again; else a new one is drawn and printed."),
    ] = None,
    within: Annotated[
        bool,
        typer.Option(
            "--unknown-within",
            help="Unknown types also within the line of a known aggregate, taking up a number.",
        ),
    ] = False,
    patience: Annotated[
        float, typer.Option(min=1, max=3600, help="Seconds without any progress before it counts as stuck.")
    ] = 60,
    as_json: options.AsJson = False,
    bootstrap: options.Bootstrap = None,
    namespace: options.Namespace = None,
) -> None:
    """Check that a subscriber bears everything the contract allows.

    Plays a fictional edition, as hostile as the contract allows (see `sandbox`), into topics under a namespace; waits until the
    subscriber's group has read to the end; and holds the echo of the subscriber against what was played.

    **The subscriber** listens to the three public topics in the namespace, in its own group, from the earliest record. For every event
    that it takes in it appends a line of JSON to its echo, `{"id": ce_id, "sequence": number}`, flushed, **after** its own transaction and
    **before** it commits the offset to Kafka. Repeats are not echoed; types it does not know may be.

    **It fails** with what is wrong, how often, and the first cases: *missed* (passed and never shown), *twice*, *out of order* (within an
    aggregate), *early* (an offset was committed before its event was shown), *stuck* (the group stands still; at which record), *number*,
    *invented*, *unreadable*, *ended*.

    With `--run` the subscriber is started here, killed in lulls, and killed at once when it has committed what it has not shown: what it
    then never shows is lost for good, and is told as missed. Without `--run` an early commit is seen if it stands for a fifth of a second.

    Exit status: 0 passed, 1 failed, 2 could not be tried, 130 interrupted. What was made here is removed.
    """
    if (echo is None) == (echo_to is None):
        raise CannotDo("Say where the echo comes: --echo FILE or --echo-topic TOPIC, one of them")
    if run is not None and echo is None:
        raise CannotDo("--run wants --echo FILE: the subscriber is told of it as ECHO_FILE")
    fictional_login(os.environ, bootstrap=bootstrap, namespace=namespace)
    drawn = secrets.randbelow(2**31) if seed is None else seed
    checked = _Check(
        group=group,
        echo_file=None if echo is None else echo.absolute(),
        echo_topic=echo_to,
        parts=(restarts if run is not None else _PARTS_WITHOUT_RESTARTS - 1) + 1,
        patience=patience,
    )
    output.note(f"seed: {drawn}")
    plays = hostile(
        edition_events(Edition(seed=drawn, participants=participants)),
        seed=drawn,
        hostility=Hostility(unknown_within=within),
    )
    where = ground(os.environ, bootstrap=bootstrap, namespace=namespace, own=False)
    loop.run(_check(where, checked, plays, run, run_log, as_json=as_json))


@dataclass(frozen=True, slots=True)
class _Check:
    group: str
    echo_file: Path | None
    echo_topic: str | None
    parts: int
    patience: float


async def _check(
    where: AbstractAsyncContextManager[Login],
    checked: _Check,
    plays: Sequence[Play],
    run: str | None,
    run_log: Path | None,
    *,
    as_json: bool,
) -> int:
    async with where as login:
        subject = None if run is None else _subject(run, run_log, login, checked)
        with sentences(login):
            async with admin_of(login) as admin, producer_of(login) as producer:
                echo = Echo()
                async with _reading(login, checked, echo) as read_echo:
                    watch = Watch(
                        admin, group=checked.group, echo=echo, read_echo=read_echo, patience=checked.patience
                    )
                    earlier = await _earlier(login)
                    if any(play.id in earlier for play in plays):
                        raise CannotDo(
                            "This seed was played here before, so the subscriber knows its events: give another --seed"
                        )
                    course = Course(watch, Player(producer, login), subject)
                    try:
                        verdict = await course.run(plays, parts=checked.parts, earlier=earlier)
                    finally:
                        if subject is not None:
                            await asyncio.shield(subject.kill())
    if as_json:
        output.say_json(verdict.as_json())
    else:
        for line in verdict.as_lines():
            output.say(line)
    return HOLDS if verdict.passed else BROKEN


def _subject(run: str, run_log: Path | None, login: Login, checked: _Check) -> Subject:
    settings = {
        "KAFKA_BOOTSTRAP": login.bootstrap,
        "TOPIC_NAMESPACE": login.namespace,
        "KAFKA_GROUP": checked.group,
        "ECHO_FILE": str(checked.echo_file),
    }
    return Subject(run, settings=settings, log=run_log)


@asynccontextmanager
async def _reading(login: Login, checked: _Check, echo: Echo) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    if checked.echo_topic is not None:
        async with echo_topic(login, topic=checked.echo_topic, echo=echo) as topic:
            yield topic.read_more
        return
    file = EchoFile(checked.echo_file or Path(), echo)

    async def read_more() -> None:
        file.read_more()

    yield read_more


async def _earlier(login: Login) -> frozenset[UUID]:
    """The ids that lay on the topics before: a subscriber that reads from the earliest record shows them too."""
    ids: set[UUID] = set()

    def take(records: Sequence[Taken]) -> None:
        for record in records:
            raw = dict(record.headers).get("ce_id")
            try:
                ids.add(UUID((raw or b"").decode()))
            except ValueError:
                continue  # no event; nobody can show it

    await read_all(login, take)
    return frozenset(ids)
