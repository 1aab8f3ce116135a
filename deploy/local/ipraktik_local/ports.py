"""Free loopback ports, held until the process that shall listen on them does.

A port that is only looked up and let go can be taken before it is used: by another stack, or by the kernel as the near
end of some outgoing connection. Two habits prevent both. Numbers are drawn below the range from which the kernel picks
near ends, so a client that knocks while its server is down can never connect to itself and block the server's return.
And on Linux the number stays reserved by a bound socket that does not listen: whoever asks without address reuse is
refused, while the server itself (JVM, PostgreSQL, uvicorn: all ask with reuse) is let in.
"""

import contextlib
import random
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

HOST: Final = "127.0.0.1"
_LOWEST: Final = 15000
_RANGE_FILE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_TRIES: Final = 200


class NoFreePort(RuntimeError):
    """Not one of the drawn ports was free."""

    def __init__(self) -> None:
        super().__init__(
            f"None of {_TRIES} ports tried on {HOST} is free; stop something that listens and try again."
        )


@dataclass(slots=True)
class Port:
    """A port number that is ours from `reserve_port` until `release`."""

    number: int
    _holder: socket.socket | None = field(default=None, repr=False)

    def release(self) -> None:
        """Let the number go. Harmless when repeated."""
        if self._holder is not None:
            self._holder.close()
            self._holder = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def reserve_port() -> Port:
    """A free port on the loopback interface, held where the system allows a holder beside a listener."""
    highest = _first_ephemeral() - 1
    draw = random.SystemRandom()
    for _ in range(_TRIES):
        number = draw.randint(_LOWEST, highest)
        if _is_free(number):
            return _hold(number) if sys.platform == "linux" else Port(number)
    raise NoFreePort


def _first_ephemeral() -> int:
    try:
        first = int(_RANGE_FILE.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        first = 0
    # A machine with an unusually low range has no room below it; the holder alone must do then.
    return first if first > _LOWEST + _TRIES else 32768


def _is_free(number: int) -> bool:
    with socket.socket() as probe, contextlib.suppress(OSError):
        probe.bind((HOST, number))  # without reuse: also refused when another reservation is held
        return True
    return False


def _hold(number: int) -> Port:
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        holder.bind((HOST, number))
    except OSError:
        holder.close()  # lost in the moment since the probe: the next draw finds another
        return reserve_port()
    return Port(number, holder)
