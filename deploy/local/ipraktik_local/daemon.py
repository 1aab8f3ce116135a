"""The stack in the background: the process that `up` leaves behind, and how `up`, `down` and `status` deal with it.

The lock on the pid file says whether a stack lives in a home folder; it ends with its holder, however that ends. The number
in the file only says whom to ask to stop. Run as `python -m ipraktik_local.daemon --home DIR`.
"""

import argparse
import fcntl
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from ipraktik_local.environment import SERVICES, read_env
from ipraktik_local.given import from_outside
from ipraktik_local.noted import sweep
from ipraktik_local.stack import PID_FILE, Stack

_UP_WITHIN: Final = 300.0
_DOWN_WITHIN: Final = 120.0
_log = logging.getLogger("stack")


class NotUp(RuntimeError):
    """The stack did not come up. What it said is in the log that was just shown."""


def is_up(home: Path) -> bool:
    """Does a stack live here (also: is one coming up or going down)?"""
    try:
        with (home / PID_FILE).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def bring_up(home: Path, *, say: Callable[[str], None]) -> dict[str, str]:
    """Start a stack that stays when we are gone; back when all of it is ready. Returns its addresses."""
    home.mkdir(parents=True, exist_ok=True)
    if left := sweep(home):
        say(f"Ended what an earlier stack left behind: {', '.join(left)}.")
    (home / "env").unlink(missing_ok=True)
    log = home / "log" / "stack.log"
    log.parent.mkdir(exist_ok=True)
    shown = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        # a session of its own: neither an interrupt here nor the end of this terminal reaches it
        process = subprocess.Popen(
            [sys.executable, "-m", "ipraktik_local.daemon", "--home", str(home)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    bound = time.monotonic() + _UP_WITHIN
    try:
        while not (env := read_env(home / "env")):
            shown = _show_new(log, shown, say)
            if process.poll() is not None or time.monotonic() > bound:
                raise NotUp(f"The stack did not come up; all it said is in {log}.")
            time.sleep(0.1)
    except BaseException:
        process.terminate()  # it stops what it had started
        process.wait(_DOWN_WITHIN)
        _show_new(log, shown, say)
        raise
    _show_new(log, shown, say)
    return env


def take_down(home: Path, *, say: Callable[[str], None]) -> bool:
    """Stop the stack that lives here and wait until nothing of it is left. False if there was nothing."""
    if not is_up(home):
        return bool(sweep(home))
    pid = int((home / PID_FILE).read_text("ascii"))
    os.kill(pid, signal.SIGTERM)
    bound = time.monotonic() + _DOWN_WITHIN
    while is_up(home):
        if time.monotonic() > bound:
            say("It does not stop by itself; ending it at once.")
            os.kill(pid, signal.SIGKILL)
            bound = time.monotonic() + 10
        time.sleep(0.05)
    sweep(home)
    return True


def _show_new(log: Path, shown: int, say: Callable[[str], None]) -> int:
    with log.open("rb") as file:
        file.seek(shown)
        text = file.read()
    whole = text.rpartition(b"\n")[0] + b"\n" if b"\n" in text else b""
    for line in whole.decode("utf-8", "replace").splitlines():
        say(line)
    return shown + len(whole)


def _stay_up(home: Path) -> None:
    def leave(number: int, frame: FrameType | None) -> NoReturn:
        for again in (signal.SIGTERM, signal.SIGINT):
            # once is enough; but not SIG_IGN, which a child started meanwhile would inherit and never stop
            signal.signal(again, lambda *_: None)
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    given = from_outside(os.environ, home=home, services=SERVICES, say=_log.info)
    with Stack(home, secure=os.environ.get("SECURE") == "1", given=given, say=_log.info) as stack:
        _log.info("Up: %d processes", len(stack.processes))
        while True:
            signal.pause()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ipraktik_local.daemon")
    parser.add_argument("--home", type=Path, required=True)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    for chatty in ("httpx", "aiokafka"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    try:
        _stay_up(parser.parse_args().home)
    except Exception as error:  # noqa: BLE001 - the last stop: one readable line for whoever waits at the terminal
        raise SystemExit(f"{type(error).__name__}: {error}") from None


if __name__ == "__main__":
    main()
