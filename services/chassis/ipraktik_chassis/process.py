"""A service as a process: `serve` (HTTP), `work` (consume, relay, jobs), `run` (both), what operators call beside them, and its
own commands.

Crash-only: whatever part ends by an error ends the process with status 1, and a fresh one resumes. SIGTERM drains: no new
requests, the batch and the job under way are finished, the relay awaits what it has sent, all within DRAIN_SECONDS.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final

import uvloop

from . import logs, schema, tracing
from .composition import imported, open_context
from .database import Database
from .ground import Ground
from .misspelt import misspelt
from .service import Service
from .settings import Settings, SettingsWrong, load
from .tracing_address import headers_of

_log = logging.getLogger(__name__)

COMMANDS: Final = ("serve", "work", "run", "migrate", "await-schema", "doctor", "parked", "listens")
"""What every service knows, beside its own commands."""


def main(service: Service, arguments: list[str] | None = None) -> int:
    """Run one command of a service; returns the exit status."""
    parser = argparse.ArgumentParser(prog=f"python -m ipraktik_{service.name}")
    parser.add_argument("command", choices=[*COMMANDS, *service.commands])
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="what the command itself takes")
    chosen = parser.parse_args(arguments)
    if chosen.command in service.commands:
        return service.commands[chosen.command](chosen.rest)
    if chosen.command == "doctor":
        from .doctor.command import doctor  # brings the bus; only this command needs all of it at once

        return doctor(service, chosen.rest)
    settings = load(service.settings)
    logs.configure(service=service.name, level=settings.log_level)
    if chosen.command == "migrate":
        return _migrate(service, settings)
    if chosen.command == "await-schema":
        from .awaiting import await_schema

        return await_schema(service, settings)
    rooms = ("serve", "work") if chosen.command == "run" else (chosen.command,)
    try:
        if chosen.command == "listens":
            return _listens(service, settings)
        if chosen.command == "parked":
            from . import parked_command

            return uvloop.run(parked_command.run(service, settings, chosen.rest))
    except SettingsWrong as wrong:
        return _told(wrong)
    try:
        return uvloop.run(_live(service, settings, rooms=rooms))
    except SettingsWrong as wrong:  # of a room alone: `work` may need what `serve` does without
        return _told(wrong)
    except Exception:  # noqa: BLE001 - whatever it is, it is said in one line and the status tells
        _log.exception("the process cannot go on")
        return 1


def _told(wrong: SettingsWrong) -> int:
    sys.stderr.write("".join(f"{line}\n" for line in wrong.lines))
    return 2


def _migrate(service: Service, settings: Settings) -> int:
    owner = settings.migration_database_url
    if owner is None:
        sys.stderr.write(
            "MIGRATION_DATABASE_URL: set it, or MIGRATION_DATABASE_URL_FILE, to the address with the role that owns the schema\n"
        )
        return 2
    try:
        schema.apply_migrations(url=owner, folders=service.schema_folders)
    except schema.MigrationFailed as error:
        sys.stderr.write(f"migrations were not applied: {error}\n")
        return 1
    asyncio.run(schema.grant_running_role(owner_url=owner, app_url=settings.database_url))
    return 0


def _listens(service: Service, settings: Settings) -> int:
    """Print the names of the events that the service handles, a line each."""
    subscriptions = imported(service.work)(open_context(service, settings)).subscriptions
    for name in sorted(cls.__name__ for cls in (*subscriptions.handlers, *subscriptions.many)):
        sys.stdout.write(name + "\n")
    return 0


async def _live(service: Service, settings: Settings, *, rooms: tuple[str, ...]) -> int:
    from . import ops

    for typed, meant in misspelt(os.environ, type(settings).model_fields).items():
        _log.warning("%s is set and is no setting; %s is one", typed, meant)
    context = open_context(service, settings)
    no_more_traces = _traces(service, settings, rooms=rooms)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    revision = schema.revision_of(service.schema_folders)
    try:
        if not await _opened(context.database, stop):
            return 0

        async def schema_ready() -> str | None:
            async with context.database.reading() as conn:
                return (
                    None
                    if await schema.has_revision(conn, revision)
                    else f"the database lacks revision {revision}; run migrate"
                )

        ground = Ground(context=context, needed=revision)
        tasks: dict[str, Callable[[], Awaitable[None]]] = {}
        parts: list[Any] = []
        ready: dict[str, ops.Check] = {"schema": schema_ready}
        if "work" in rooms:
            from .worker import Worker

            worker = Worker(service=service, context=context, settings=settings, ground=ground.metrics)
            ready["broker"] = worker.ready
            tasks |= worker.tasks(stop)
            parts.append(worker)
        if "serve" in rooms:
            from .web_server import WebServer

            web = WebServer(service=service, context=context, settings=settings)
            tasks |= web.tasks(stop)
            parts.append(web)

        async def refresh() -> None:
            await asyncio.gather(ground.refresh(), *(part.refresh() for part in parts))

        async def quiet() -> dict[str, Any]:
            return await _quiet(parts)

        app = ops.ops_app(
            registry=context.registry,
            ready=ready,
            before_metrics=refresh,
            quiet=quiet if settings.local_stack else None,
        )
        ops_server = ops.server(app, host=settings.ops_host, port=settings.ops_port, drain_seconds=2)
        migrated = asyncio.ensure_future(_until_schema(schema_ready, stop))
        waiting = {name: _after(migrated, start, stop) for name, start in tasks.items()}
        return await _until_stopped(
            waiting, stop=stop, ops_server=ops_server, drain_seconds=settings.drain_seconds
        )
    finally:
        # All parts have ended; what was cut off still holds its connection and will not give it back.
        await context.database.close(patience=2)
        await asyncio.to_thread(no_more_traces)


def _traces(service: Service, settings: Settings, *, rooms: tuple[str, ...]) -> Callable[[], None]:
    """Let spans go to the collector that is set; what ends that again."""
    if settings.otel_exporter_otlp_endpoint is None:
        return lambda: None
    from .tracing_export import Exporter  # only where it is wanted

    exporter = Exporter(
        endpoint=settings.otel_exporter_otlp_endpoint,
        headers=headers_of(settings.otel_exporter_otlp_headers or ""),
        resource={
            "service.namespace": "innovationspraktik",
            "service.name": f"{service.name}-{'-'.join(rooms)}",
            "service.version": service.version,
            **({"service.instance.id": settings.instance} if settings.instance else {}),
        },
    )
    tracing.begin(exporter.take)

    def ended() -> None:
        tracing.end()
        exporter.close()

    return ended


async def _opened(database: Database, stop: asyncio.Event) -> bool:
    """Wait for a database that is still starting; False where the process is told to end meanwhile."""
    opening, stopping = asyncio.ensure_future(database.open()), asyncio.ensure_future(stop.wait())
    await asyncio.wait({opening, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if opening.done():
        await opening
        return True
    opening.cancel()
    await asyncio.wait({opening})
    return False


def _after(
    migrated: asyncio.Future[None], start: Callable[[], Awaitable[None]], stop: asyncio.Event
) -> Callable[[], Awaitable[None]]:
    async def started() -> None:
        await asyncio.shield(migrated)
        if not stop.is_set():
            await start()

    return started


async def _until_schema(check: Callable[[], Awaitable[str | None]], stop: asyncio.Event) -> None:
    """Wait for the migration Job of the release: pods may start before it has run, and are alive but not ready until then."""
    said = False
    while not stop.is_set() and (reason := await check()) is not None:
        if not said:
            _log.warning("waiting: %s", reason)
            said = True
        await asyncio.sleep(0.5)


async def _until_stopped(
    tasks: dict[str, Callable[[], Awaitable[None]]],
    *,
    stop: asyncio.Event,
    ops_server: Any,
    drain_seconds: float,
) -> int:
    running = {asyncio.ensure_future(start()): name for name, start in tasks.items()}
    ops_task = asyncio.ensure_future(ops_server.serve())
    running[ops_task] = "ops port"
    waiting_for_stop = asyncio.ensure_future(stop.wait())
    await asyncio.wait({*running, waiting_for_stop}, return_when=asyncio.FIRST_COMPLETED)
    status = 0
    if not stop.is_set():
        status = 1
        stop.set()
    waiting_for_stop.cancel()
    others = {task for task in running if task is not ops_task}
    _, late = await asyncio.wait(others, timeout=drain_seconds) if others else (set(), set())
    for task in late:
        _log.error("%s did not stop in time and is cut off", running[task])
        task.cancel()
        status = 1
    ops_server.should_exit = True
    await asyncio.wait({ops_task}, timeout=3)
    for task, name in running.items():
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            status = 1
            _log.error("%s ended with an error", name, exc_info=error)
    return status


async def _quiet(parts: list[Any]) -> dict[str, Any]:
    """One answer for the whole process: is there anything it still has to do before time may move on?"""
    report: dict[str, Any] = {
        "activity": 0,
        "outbox": 0,
        "lag": 0,
        "parked": 0,
        "in_flight": 0,
        "jobs_due": 0,
        "next_due": None,
    }
    ready = True
    for part in parts:
        one = await part.quiet()
        ready = ready and one.pop("ready", True)
        moment: datetime | None = one.pop("next_due", None)
        if moment is not None:
            known = report["next_due"]
            report["next_due"] = moment.isoformat() if known is None else min(known, moment.isoformat())
        for name, number in one.items():
            report[name] += number
    busy = ("outbox", "lag", "in_flight", "jobs_due")
    return {"quiet": ready and not any(report[name] for name in busy), **report}
