"""What a mail server does wrong, on demand, so that a test can see how the sender takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Action = Literal["tempfail", "reject", "accept_then_drop", "delay"]
ACTIONS: Final = frozenset(get_args(Action))
MOST_FAULTS: Final = 1000


class NotAFault(ValueError):
    """The request describes no fault that this server can commit."""


@dataclass(slots=True)
class Fault:
    """`times` counts down to nothing left; None stands until the faults are cleared."""

    action: str
    match: str = "*"
    times: int | None = 1
    seconds: float = 1.0

    def concerns(self, recipient: str) -> bool:
        return self.match == "*" or self.match.casefold() in recipient.casefold()

    def as_json(self) -> dict[str, object]:
        return {"action": self.action, "match": self.match, "times": self.times, "seconds": self.seconds}


@dataclass(slots=True)
class Faults:
    """The faults still to be committed, in the order in which they were asked for."""

    waiting: list[Fault] = field(default_factory=list)

    def take(self, actions: Iterable[str], recipients: Iterable[str]) -> Fault | None:
        """The first waiting fault of these kinds that concerns one of the recipients, used up once."""
        wanted, concerned = set(actions), list(recipients)
        for fault in self.waiting:
            if fault.action in wanted and any(map(fault.concerns, concerned)):
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self.waiting.remove(fault)
                return fault
        return None


def read_faults(body: object) -> list[Fault]:
    """The faults that a request's JSON asks for: one object or a list of them."""
    entries = body if isinstance(body, list) else [body]
    if len(entries) > MOST_FAULTS:
        raise NotAFault(f"At most {MOST_FAULTS} faults at a time.")
    return [_read(entry) for entry in entries]


def _read(entry: object) -> Fault:
    if not isinstance(entry, Mapping):
        raise NotAFault('A fault is an object such as {"action": "tempfail", "match": "*", "times": 1}.')
    action, match, times = entry.get("action"), entry.get("match", "*"), entry.get("times", 1)
    seconds = entry.get("seconds", 1.0)
    if action not in ACTIONS:
        raise NotAFault(f"action is one of {', '.join(sorted(ACTIONS))}.")
    if not isinstance(match, str) or not match:
        raise NotAFault("match is a part of a recipient's address, or * for all.")
    if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
        raise NotAFault("times is a whole number from 1, or null for until cleared.")
    if not isinstance(seconds, int | float) or not 0 <= seconds <= 300:
        raise NotAFault("seconds is between 0 and 300.")
    return Fault(action=str(action), match=match, times=times, seconds=float(seconds))
