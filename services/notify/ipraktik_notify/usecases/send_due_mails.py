"""Hand in what is ready: take slices of the queue that nobody else has, claim a batch, write it, send it over a few connections,
note each outcome as it comes.

Invariants: the claim is committed before the mail server hears anything; whatever is claimed in a slice when it is taken was
left by a sender that died and goes out again with its Message-ID; a mail that failed for good is never tried again by itself. Told
to stop, a sender finishes the mails under way and hands back the others, untried; one that has lost its locks, or cannot note what
becomes of its mails, begins no other and leaves them to whoever takes the slices next.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ipraktik_chassis import tracing
from ipraktik_chassis.clock import Clock
from ipraktik_chassis.database import Database
from ipraktik_chassis.figures import age
from ipraktik_chassis.transaction import Connection
from ipraktik_notify.mailing.materials import Materials, gather_materials
from ipraktik_notify.mailing.message import UnusableAddress
from ipraktik_notify.mailing.patience import ATTEMPTS, Patience
from ipraktik_notify.mailing.smtp import Lane, MailServer, ServerAway
from ipraktik_notify.mailing.writing import Letter, NobodyThere, Writer
from ipraktik_notify.metrics import MailMetrics
from ipraktik_notify.store import queue
from ipraktik_notify.store.queue import Claimed, Outcome
from ipraktik_notify.usecases.open_sign_in_links import open_sign_in_links

_log = logging.getLogger(__name__)
BATCH: Final = 200
RUN_SECONDS: Final = 5.0
"""A run takes no new batch after this; the next follows at once, with connections of its own."""


@dataclass(frozen=True, slots=True)
class Post:
    """Everything that sending needs."""

    clock: Clock
    writer: Writer
    server: MailServer
    patience: Patience
    metrics: MailMetrics
    connections: int = 4


@dataclass(slots=True)
class _Batch:
    """Claimed mails on their way, and what became of them."""

    mails: deque[Claimed]
    materials: Materials
    held: Callable[[], bool]
    """Whether they are still ours."""
    stopping: Callable[[], bool]
    outcomes: "asyncio.Queue[Outcome | None]" = field(default_factory=asyncio.Queue)
    away: bool = False
    noted: bool = True
    """Whether somebody listens to what becomes of them."""


async def send_due_mails(database: Database, *, post: Post, stopping: Callable[[], bool]) -> int:
    """Send what is ready now; how many mails were dealt with. Leaves alone what another process is sending, and ends soon when
    `stopping` says so."""
    if post.patience.server_rests:
        return 0
    done = 0
    async with database.reading() as conn, queue.may_send(conn) as free:
        if not free:
            return 0
        done += await queue.drop_late(conn, now=post.clock.now())
        lanes = [Lane(post.server, mail_from=post.writer.sender.address) for _ in range(post.connections)]
        started = post.clock.monotonic()
        try:
            while post.clock.monotonic() - started < RUN_SECONDS and not post.patience.server_rests:
                if stopping():
                    break
                async with queue.own_slices(conn, but=post.patience.resting()) as slices:
                    dealt = await _send_batch(
                        database, conn, slices=slices, lanes=lanes, post=post, stopping=stopping
                    )
                if not dealt:
                    break
                done += dealt
        finally:
            await asyncio.gather(*(lane.close() for lane in lanes))
    return done


async def _send_batch(
    database: Database,
    conn: Connection,
    *,
    slices: Sequence[int],
    lanes: Sequence[Lane],
    post: Post,
    stopping: Callable[[], bool],
) -> int:
    if doubtful := await queue.take_back_doubtful(conn, slices=slices):
        post.metrics.resent.inc(doubtful)
        _log.warning("mails were left in doubt and go out again", extra={"mails": doubtful})
    mails = await queue.claim(
        conn, slices=slices, but=post.patience.resting(), limit=BATCH, domain=post.writer.sender.domain
    )
    if mails:
        materials = replace(
            await gather_materials(conn, mails=mails),
            sign_ins=await open_sign_in_links(
                conn, mails=mails, links=post.writer.links, now=post.clock.now()
            ),
        )
        batch = _Batch(deque(mails), materials, held=lambda: queue.held(conn), stopping=stopping)
        await _send(database, batch, lanes=lanes, post=post)
    return len(mails)


async def _send(database: Database, batch: _Batch, *, lanes: Sequence[Lane], post: Post) -> None:
    noting = asyncio.create_task(_note(database, batch, post))
    try:
        # ends when all have ended: none sends on when the slices are let go
        async with asyncio.TaskGroup() as group:
            for lane in lanes:
                group.create_task(_work_off(batch, lane, post))
    finally:
        if batch.mails:
            _log.error("mails are left to the next sender", extra={"mails": len(batch.mails)})
        batch.outcomes.put_nowait(None)
        await noting


async def _work_off(batch: _Batch, lane: Lane, post: Post) -> None:
    while batch.mails and batch.noted and batch.held():
        mail = batch.mails.popleft()
        if batch.stopping():
            batch.outcomes.put_nowait(Outcome(mail.id, "pending", tried=False))
            continue
        outcome = Outcome(mail.id, "pending", reason="server_away", tried=False)
        if not batch.away:
            written = _write(mail, batch.materials, post)
            if isinstance(written, Outcome):
                outcome = written
            else:
                started, began = post.clock.monotonic(), tracing.instant()
                try:
                    outcome = await lane.deliver(written)
                    post.patience.server_answers()
                except ServerAway as error:
                    _away(batch, post, str(error))
                else:
                    post.metrics.smtp_seconds.observe(post.clock.monotonic() - started)
                    said = {"mail.kind": mail.kind, "mail.outcome": outcome.reason or outcome.state}
                    tracing.below(
                        mail.traceparent,
                        "SMTP send",
                        kind=tracing.CLIENT,
                        started=began,
                        attributes=said,
                        failed=outcome.state != "sent",
                    )
                    if outcome.state == "sent" and mail.ready_at is not None:
                        post.metrics.delay.observe(age(mail.ready_at, now=post.clock.now()))
        outcome = _judged(outcome, mail, post)
        post.metrics.outcomes.labels(mail.kind, outcome.reason or outcome.state).inc()
        # of a mail that another has by now we know only that it was sent
        if outcome.state == "sent" or batch.held():
            batch.outcomes.put_nowait(outcome)


def _write(mail: Claimed, materials: Materials, post: Post) -> Letter | Outcome:
    try:
        return post.writer.write(mail, materials, now=post.clock.now())
    except NobodyThere:
        return Outcome(mail.id, "dropped", reason="erased", tried=False)
    except UnusableAddress:
        return Outcome(mail.id, "failed", reason="bad_address", tried=False)
    except Exception as error:  # noqa: BLE001 - one mail that cannot be written must not stop the others
        # The type only: the message of a template's error may hold a value.
        _log.error("a mail cannot be written", extra={"kind": mail.kind, "error": type(error).__name__})
        return Outcome(mail.id, "failed", reason="unwritable", tried=False)


def _away(batch: _Batch, post: Post, error: str) -> None:
    if not batch.away:
        batch.away = True
        post.patience.put_off_all()
        post.metrics.server_away.inc()
        _log.warning("the mail server is away; check SMTP_URL", extra={"error": error})


def _judged(outcome: Outcome, mail: Claimed, post: Post) -> Outcome:
    """Put off what is to be tried again; give up what was tried too often."""
    if outcome.doubt:
        post.metrics.resent.inc()
    if outcome.state == "failed":
        _log.error("a mail failed", extra={"mail_id": str(mail.id), "kind": mail.kind, "code": outcome.code})
    if outcome.state != "pending" or not outcome.tried:
        return outcome
    if mail.attempts >= ATTEMPTS:
        return Outcome(mail.id, "failed", outcome.message_id, code=outcome.code, reason="gave_up")
    post.patience.put_off(mail.id, attempts=mail.attempts)
    return outcome


async def _note(database: Database, batch: _Batch, post: Post) -> None:
    """Note outcomes as they come, as many in one statement as have come meanwhile."""
    ended = False
    try:
        while not ended:
            ready = [await batch.outcomes.get()]
            while not batch.outcomes.empty():
                ready.append(batch.outcomes.get_nowait())
            ended = None in ready
            outcomes = [outcome for outcome in ready if outcome is not None]
            if outcomes:
                async with database.reading() as conn:
                    await queue.settle(conn, outcomes=outcomes, now=post.clock.now())
    finally:
        batch.noted = False
