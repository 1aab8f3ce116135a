"""Logs: one JSON object a line on standard error, with ids and codes, never with what people wrote.

Exceptions are logged by type and place, not by message: messages of drivers and validators may quote their input.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import Final

from pythonjsonlogger.json import JsonFormatter

from .cause import current_cause

REPEAT_SECONDS: Final = 10.0
"""How long the same line of the Kafka client is held back."""
_LINES_REMEMBERED: Final = 200
MENDED_BY_ITSELF: Final = frozenset(
    {
        'Unable connect to "%s:%s": %s',
        "Unable connect to node with id %s: %s",
        "Unable to update metadata from %s",
        "Failed fetch messages from %s: %s",
        "Failed fetch offsets from %s: %s",
        "Error sending %s to node %s [%s] -- marking coordinator dead",
        "Group Coordinator Request failed: %s",
        "Heartbeat session expired - marking coordinator dead",
        "Heartbeat send request failed: %s. Will retry.",
        "OffsetCommit failed for group %s due to group error (%s), will rejoin",
        "OffsetCommit failed before join, ignoring: %s",
        "Failed to commit on finallization: %s",
        "LeaveGroup request failed: %s",
    }
)
"""What the Kafka client calls an error and mends by trying again or joining its group anew: a broker that is away or restarts, a
rebalance, a group that is left while no broker answers. Where it gives up, it raises, and the process says so in a line of its own.
"""

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class _Formatter(JsonFormatter):
    def __init__(self, service: str) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp=True,
            static_fields={"service": service},
        )

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the name is logging's
        kind, _, tb = ei
        frames = traceback.extract_tb(tb)[-6:]
        places = " < ".join(
            f"{frame.name}:{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames)
        )
        return f"{kind.__name__ if kind else 'unknown'} at {places}"


class _WithCause(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        cause = current_cause()
        if cause is not None:
            record.correlation_id = cause.correlation_id
            record.traceparent = cause.traceparent
        return True


class _AsItMends(logging.Filter):
    """Gives a line of the Kafka client the level that it has here: ERROR is for what somebody should look at."""

    def filter(self, record: logging.LogRecord) -> bool:
        if (
            record.levelno == logging.ERROR
            and record.name.startswith("aiokafka")
            and record.msg in MENDED_BY_ITSELF
        ):
            record.levelno, record.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        return True


class _NotEndlessly(logging.Filter):
    """Lets a line of the Kafka client through once in a while, and says then how often it came. Refused or cut off, it may try
    a thousand times a second."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith("aiokafka"):
            return True
        line = f"{record.name} {record.getMessage()[:500]}"
        since, repeated = self._seen.get(line, (0.0, 0))
        if abs(record.created - since) < REPEAT_SECONDS:
            self._seen[line] = (since, repeated + 1)
            return False
        if len(self._seen) >= _LINES_REMEMBERED:
            self._seen.clear()
        self._seen[line] = (record.created, 0)
        if repeated:
            record.repeated = repeated
        return True


def configure(*, service: str, level: str) -> None:
    """Send the root logger's lines to standard error as JSON, and quiet the libraries that chat."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(service))
    handler.addFilter(_AsItMends())
    handler.addFilter(_NotEndlessly())
    handler.addFilter(_WithCause())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("aiokafka", "uvicorn.access", "uvicorn.error", "httpx", "asyncio", "faststream"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, logging.getLevelName(level)))
