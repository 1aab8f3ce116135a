"""Hand in what is ready: claim a batch, write it, send it over a few connections, note each outcome as it comes.

Invariants: the claim is committed before the mail server hears anything; whatever is claimed when the sending lock is taken was
left by a sender that died and goes out again with its Message-ID; a mail that failed for good is never tried again by itself.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ipraktik_chassis import tracing
from ipraktik_chassis.clock import Clock
from ipraktik_chassis.database import Database
from ipraktik_chassis.figures import age
from ipraktik_notify.mailing.materials import Materials, gather_materials
from ipraktik_notify.mailing.message import UnusableAddress
from ipraktik_notify.mailing.patience import ATTEMPTS, Patience
from ipraktik_notify.mailing.smtp import Lane, MailServer, ServerAway
from ipraktik_notify.mailing.writing import Letter, NobodyThere, Writer
from ipraktik_notify.metrics import MailMetrics
from ipraktik_notify.store import queue
from ipraktik_notify.store.queue import Claimed, Outcome

_log = logging.getLogger(__name__)
BATCH: Final = 200
RUN_SECONDS: Final = 5.0
"""A run takes no new batch after this, so that a shutdown need not wait long; the next run follows at once."""


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
    outcomes: "asyncio.Queue[Outcome | None]" = field(default_factory=asyncio.Queue)
    away: bool = False


async def send_due_mails(database: Database, *, post: Post) -> int:
    """Send what is ready now; how many mails were dealt with. Does nothing where another process is sending."""
    if post.patience.server_rests:
        return 0
    done = 0
    async with database.reading() as conn, queue.sending_lock(conn) as mine:
        if not mine:
            return 0
        if doubtful := await queue.take_back_doubtful(conn):
            post.metrics.resent.inc(doubtful)
            _log.warning("mails were left in doubt and go out again", extra={"mails": doubtful})
        done += await queue.drop_late(conn, now=post.clock.now())
        lanes = [Lane(post.server, mail_from=post.writer.sender.address) for _ in range(post.connections)]
        started = post.clock.monotonic()
        try:
            while post.clock.monotonic() - started < RUN_SECONDS and not post.patience.server_rests:
                mails = await queue.claim(conn, but=post.patience.resting(), limit=BATCH)
                if not mails:
                    break
                materials = await gather_materials(conn, mails=mails)
                await _send(database, _Batch(deque(mails), materials), lanes=lanes, post=post)
                done += len(mails)
        finally:
            await asyncio.gather(*(lane.close() for lane in lanes))
    return done


async def _send(database: Database, batch: _Batch, *, lanes: Sequence[Lane], post: Post) -> None:
    noting = asyncio.create_task(_note(database, batch, post))
    try:
        await asyncio.gather(*(_work_off(batch, lane, post) for lane in lanes))
    finally:
        batch.outcomes.put_nowait(None)
        await noting


async def _work_off(batch: _Batch, lane: Lane, post: Post) -> None:
    while batch.mails:
        mail = batch.mails.popleft()
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
    while not ended:
        ready = [await batch.outcomes.get()]
        while not batch.outcomes.empty():
            ready.append(batch.outcomes.get_nowait())
        ended = None in ready
        outcomes = [outcome for outcome in ready if outcome is not None]
        if outcomes:
            async with database.reading() as conn:
                await queue.settle(conn, outcomes=outcomes, now=post.clock.now())
