"""An echo that a subscriber writes to a topic: one record a line, keyed by the aggregate so that its order is kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..login import Login
from ..reading import Reader, reader_of
from .echo import Echo


class EchoTopic:
    """Follows the topic from its end when this began."""

    def __init__(self, reader: Reader, echo: Echo) -> None:
        self._reader = reader
        self._echo = echo

    async def read_more(self) -> None:
        """Take in what was written since."""
        while records := await self._reader.next_ones(within_ms=50):
            for record in records:
                self._echo.take(record.value or b"null")


@asynccontextmanager
async def echo_topic(login: Login, *, topic: str, echo: Echo) -> AsyncIterator[EchoTopic]:
    """Follow the topic of this full name."""
    async with reader_of(login, start="now", topics=[topic], full_names=True) as reader:
        yield EchoTopic(reader, echo)
