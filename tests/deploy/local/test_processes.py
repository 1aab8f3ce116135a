"""Children end when they are told to, with whatever they started themselves."""

import signal
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from ipraktik_local.processes import Process, kill, spawn, stop

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
)


def python(code: str, log: Path) -> Process:
    """A child that runs this, once it has said something."""
    process = spawn([sys.executable, "-c", code], log=log)
    bound = time.monotonic() + 20
    while not log.read_text():
        assert process.poll() is None
        assert time.monotonic() < bound
        time.sleep(0.02)
    return process


def test_a_child_that_does_not_listen_is_ended_after_its_grace(tmp_path: Path) -> None:
    assert stop(python(STUBBORN, tmp_path / "log"), grace=0.2) == -signal.SIGKILL


def test_a_paused_child_hears_that_it_shall_stop(tmp_path: Path) -> None:
    process = python("import time; print('up', flush=True); time.sleep(60)", tmp_path / "log")
    process.send_signal(signal.SIGSTOP)

    assert stop(process, grace=10) == -signal.SIGTERM


@pytest.mark.parametrize("end", [kill, stop])
def test_what_a_child_started_ends_with_it(tmp_path: Path, end: object) -> None:
    process = python(PARENT, tmp_path / "log")
    grandchild = psutil.Process(int((tmp_path / "log").read_text()))

    assert callable(end)
    end(process)

    _, alive = psutil.wait_procs([grandchild], timeout=10)
    assert not [one for one in alive if one.status() != psutil.STATUS_ZOMBIE]


def test_a_child_outlives_the_thread_that_asked_for_it(tmp_path: Path) -> None:
    started: list[Process] = []
    asking = threading.Thread(target=lambda: started.append(python(PARENT, tmp_path / "log")))
    asking.start()
    asking.join()

    with pytest.raises(psutil.TimeoutExpired):
        psutil.Process(started[0].pid).wait(0.3)
    kill(started[0])


def test_a_program_that_is_not_there_is_an_error_for_who_asked(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        spawn([tmp_path / "nothing"], log=tmp_path / "log")
