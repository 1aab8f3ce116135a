"""The mail sink: where every mail of the local stack ends. A process of its own; this is the handle on it."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self, TypedDict, cast

import httpx

from ipraktik_local.ports import HOST, Port, reserve_port
from ipraktik_local.processes import ChildDidNotStart, Process, kill, spawn, stop
from ipraktik_local.waiting import is_listening

_READY_WITHIN: Final = 30.0

MailRecord = TypedDict(
    "MailRecord",
    {
        "n": int,
        "message_id": str,
        "from": str,
        "to": list[str],
        "subject": str,
        "kind": str | None,
        "text": str,
        "links": list[str],
        "received": str,
    },
)


class MailSink:
    """A running sink. Its addresses and its mails outlive `stop`, `kill` and `restart`."""

    def __init__(self, *, home: Path, clock_file: Path | None = None) -> None:
        """`clock_file` says what time it is, where that is simulated."""
        self.home = home
        self._clock_file = clock_file
        self.mail_dir = home / "mails"
        self.log = home / "mail.log"
        self._smtp: Port = reserve_port()
        self._http: Port = reserve_port()
        self._process: Process | None = None

    @property
    def smtp_url(self) -> str:
        return f"smtp://{HOST}:{self._smtp.number}"

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._http.number}"

    @property
    def pid(self) -> int:
        if not self.is_running or self._process is None:
            raise RuntimeError("The mail sink is not running; start() it first.")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        if self.is_running:
            return self
        self.home.mkdir(parents=True, exist_ok=True)
        self._process = process = spawn(
            [
                *(sys.executable, "-m", "ipraktik_local.mail", "--home", str(self.mail_dir)),
                *("--smtp-port", str(self._smtp.number), "--http-port", str(self._http.number)),
                *(("--clock-file", str(self._clock_file)) if self._clock_file is not None else ()),
            ],
            log=self.log,
        )
        bound = time.monotonic() + _READY_WITHIN
        while not (is_listening(self.smtp_url.removeprefix("smtp://")) and self._answers()):
            if process.poll() is not None:
                raise ChildDidNotStart(
                    "The mail sink", f"ended while starting (exit {process.returncode})", self.log
                )
            if time.monotonic() > bound:
                stop(process)
                raise ChildDidNotStart(
                    "The mail sink", f"did not answer within {_READY_WITHIN:.0f} seconds", self.log
                )
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        if self._process is not None:
            stop(self._process, grace=10)

    def kill(self) -> None:
        if self._process is not None:
            kill(self._process)

    def restart(self) -> None:
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop for good and give the addresses back."""
        self.stop()
        self._smtp.release()
        self._http.release()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def mails(
        self, *, after: int = 0, to: str | None = None, limit: int = 500, wait: int = 0
    ) -> list[MailRecord]:
        """Mails received after number `after`; with `wait`, up to so many seconds for the first of them."""
        bound = time.monotonic() + wait
        while True:
            left = max(0, round(bound - time.monotonic()))
            asked: dict[str, str | int] = {"after": after, "limit": limit, "wait": min(left, 30)}
            if to:
                asked["to"] = to
            body = self._ask("GET", "/api/mails", params=asked)
            if body["mails"] or not left:  # another address's mail ends the server's wait as well
                return cast(list[MailRecord], body["mails"])

    def last(self) -> int:
        """The number of the newest mail, to ask `after` it later."""
        return int(self._ask("GET", "/api/mails", params={"after": 10**11, "limit": 1})["last"])

    def duplicates(self) -> dict[str, int]:
        """Message-IDs received more than once, and how often."""
        return dict(self._ask("GET", "/api/duplicates")["duplicates"])

    def fault(self, action: str, *, match: str = "*", times: int | None = 1, seconds: float = 1.0) -> None:
        """Do wrong the next `times` times: tempfail, reject, accept_then_drop or delay."""
        self._ask(
            "POST", "/api/faults", json={"action": action, "match": match, "times": times, "seconds": seconds}
        )

    def clear_faults(self) -> None:
        self._ask("DELETE", "/api/faults")

    def _answers(self) -> bool:
        try:
            self._ask("GET", "/api/faults")
        except httpx.TransportError:
            return False
        return True

    def _ask(
        self, method: str, path: str, *, params: Mapping[str, str | int] | None = None, json: object = None
    ) -> dict[str, Any]:
        # no proxy from the environment: this address is our own
        with httpx.Client(base_url=self.url, timeout=40, trust_env=False) as client:
            answer = client.request(method, path, params=params, json=json)
        answer.raise_for_status()
        return cast(dict[str, Any], answer.json())


def start_mail_sink(home: Path, *, clock_file: Path | None = None) -> MailSink:
    """A running sink with its mails in `home/mails`."""
    sink = MailSink(home=home, clock_file=clock_file)
    try:
        return sink.start()
    except ChildDidNotStart:
        sink.close()
        raise
