"""Which event leads to which use case. A service declares it in its `events.py`; the consumer runtime goes by it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from ipraktik_contracts.envelope import CloudEvent
from ipraktik_contracts.events import Event

from .parked import RawRecord
from .transaction import Transaction

Handler = Callable[[Transaction, CloudEvent], Awaitable[None]]
ManyHandler = Callable[[Transaction, Sequence[CloudEvent]], Awaitable[None]]
EraseHandler = Callable[[Transaction, Sequence[str]], Awaitable[None]]
Locking = Callable[[Transaction, Sequence[CloudEvent]], Awaitable[None]]
Witness = Callable[[Transaction, Sequence[tuple[RawRecord, CloudEvent]]], Awaitable[None]]


@dataclass(slots=True)
class Subscriptions:
    """What a service listens to. Registering an event class twice is an error."""

    handlers: dict[type[Event], Handler] = field(default_factory=dict)
    many: dict[type[Event], ManyHandler] = field(default_factory=dict)
    erasures: dict[str, EraseHandler] = field(default_factory=dict)
    locking: Locking | None = None
    """Called first in each transaction, with every event of it whose handler is about to be called, in order. For who locks what
    several events share: taken here in one order for all, the locks of two batches never wait for each other in a ring."""
    witness: Witness | None = None
    """Called last in each transaction, with every event of it that is handled here and the record it came in, in order; also
    with those whose effect was there already. For who keeps what was said as it was said."""

    def on(self, event_class: type[Event], handler: Handler) -> None:
        """Call the handler once per event, in order per key, inside the transaction that notes the event as taken."""
        self._free(event_class)
        self.handlers[event_class] = handler

    def on_many(self, event_class: type[Event], handler: ManyHandler) -> None:
        """Like `on`, but with all neighbouring events of the class at once, in order: for set-based SQL."""
        self._free(event_class)
        self.many[event_class] = handler

    def on_erasure(self, event_class: type[Event], handler: EraseHandler) -> None:
        """Call the handler with the keys of tombstones on the class's (internal, compacted) topic."""
        if event_class.AUDIENCE == "public":
            raise ValueError(f"{event_class.TOPIC} is public; it has no tombstones")
        self.erasures[event_class.TOPIC] = handler

    def handles(self, event_class: type[Event]) -> bool:
        """Whether anything is done about the class."""
        return event_class in self.handlers or event_class in self.many

    @property
    def topics(self) -> tuple[str, ...]:
        """Topics to read, without namespace."""
        return tuple(sorted({cls.TOPIC for cls in (*self.handlers, *self.many)} | set(self.erasures)))

    def _free(self, event_class: type[Event]) -> None:
        if self.handles(event_class):
            raise ValueError(f"{event_class.__name__} already has a handler")
