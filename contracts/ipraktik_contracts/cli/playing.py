"""Sending records to the topics, at the pace of the calendar or as fast as the broker takes them, in the order in which they are given."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from aiokafka.admin import NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from ..topics import TOPICS
from .broker import PATIENCE, admin_of, bounded, sentences
from .lives.hostile import Play
from .login import Login
from .records import Place
from .refusal import CannotDo

_AT_ONCE: Final = 500
_NO_ERROR: Final = 0
_COPIES: Final = 3
"""Replicas of a topic, where there are so many brokers."""


@dataclass(frozen=True, slots=True)
class Played:
    """What was sent, and where it lies."""

    play: Play
    place: Place


class Player:
    """Sends plays through a producer. `speed` is how many seconds of the calendar pass in one; None does not wait at all."""

    def __init__(self, producer: Any, login: Login, *, speed: float | None = None) -> None:
        self._producer = producer
        self._login = login
        self._speed = speed
        self._began: tuple[float, datetime] | None = None

    async def play(self, plays: Sequence[Play]) -> list[Played]:
        """Send these, and wait until the broker has them all."""
        played: list[Played] = []
        sent: list[tuple[Play, Any]] = []
        for play in plays:
            if self._speed is not None and (left := self._left(play, self._speed)) > 0:
                played += await self._acknowledged(sent)
                sent = []
                await asyncio.sleep(left)
            record = play.record
            sending = self._producer.send(
                self._login.namespace + record.topic,
                key=record.key,
                value=record.value,
                headers=list(record.headers),
            )
            sent.append((play, await bounded(sending, what="the broker to take a record")))
            if len(sent) >= _AT_ONCE:
                played += await self._acknowledged(sent)
                sent = []
        return played + await self._acknowledged(sent)

    async def _acknowledged(self, sent: Sequence[tuple[Play, Any]]) -> list[Played]:
        if not sent:
            return []
        all_of_them = asyncio.gather(*(future for _, future in sent))
        found = await bounded(all_of_them, what="the broker to acknowledge records", seconds=PATIENCE)
        return [
            Played(play, Place(one.topic, one.partition, one.offset))
            for (play, _), one in zip(sent, found, strict=True)
        ]

    def _left(self, play: Play, speed: float) -> float:
        """Seconds until the record's time has come, counted from the first."""
        when = datetime.fromisoformat(dict(play.record.headers)["ce_time"].decode())
        if self._began is None:
            self._began = (time.monotonic(), when)
        started, first = self._began
        return started + (when - first).total_seconds() / speed - time.monotonic()


async def make_topics(login: Login) -> tuple[str, ...]:
    """Make the public topics that are not there, as they are declared; gives the names of those made. Raises CannotDo."""
    wanted = {login.namespace + topic.name: topic for topic in TOPICS if topic.public}
    with sentences(login):
        async with admin_of(login) as admin:
            there = set(await bounded(admin.list_topics(), what="the list of topics"))
            brokers = await bounded(admin.describe_cluster(), what="the list of brokers")
            copies = min(len(brokers["brokers"]), _COPIES)
            missing = [
                NewTopic(name, topic.partitions, copies, topic_configs=dict(topic.config))
                for name, topic in wanted.items()
                if name not in there
            ]
            if missing:
                answer = await bounded(
                    admin.create_topics(missing, timeout_ms=15_000), what="the topics to be made"
                )
                _check([error for error in answer.topic_errors if error[1] != TopicAlreadyExistsError.errno])
                await _led(admin, [topic.name for topic in missing])
    return tuple(topic.name for topic in missing)


async def remove_topics(login: Login, names: Sequence[str]) -> None:
    """Remove topics that we made, and wait until they are gone."""
    with sentences(login):
        async with admin_of(login) as admin:
            answer = await bounded(admin.delete_topics(list(names)), what="the topics to be removed")
            _check([(name, code, None) for name, code, *_ in answer.topic_error_codes])
            deadline = time.monotonic() + PATIENCE
            while set(names) & set(await bounded(admin.list_topics(), what="the list of topics")):
                if time.monotonic() > deadline:
                    raise CannotDo(f"The topics are still there after {PATIENCE:g} s: look at the brokers")
                await asyncio.sleep(0.05)


def _check(errors: Sequence[tuple[Any, ...]]) -> None:
    for name, code, *_ in errors:
        if code != _NO_ERROR:
            raise CannotDo(
                f"The broker refuses to make or remove {name} ({for_code(code).__name__}): log in as one that may, "
                "or let the operator make the topics"
            )


async def _led(admin: Any, names: Sequence[str]) -> None:
    """Wait until every partition has a leader: a client that comes earlier meets errors."""
    deadline = time.monotonic() + PATIENCE
    while True:
        topics = await admin.describe_topics(list(names))
        if all(
            one["partitions"] and all(part["leader"] >= 0 for part in one["partitions"]) for one in topics
        ):
            return
        if time.monotonic() > deadline:
            raise CannotDo(f"The topics have no leaders within {PATIENCE:g} s: look at the brokers")
        await asyncio.sleep(0.05)
