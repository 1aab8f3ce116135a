"""From exec to ready, process by process, beside an interpreter that imports what such a process stands on and ends.

One process at a time: a cluster that starts all at once shares its processors among them, and would measure that.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from bench.figures import Comparison, Noted, Operated
from bench.operations_pods import Pods, until
from bench.sizes import Size

from ipraktik_local.environment import ROOMS, SERVICES

_STANDS_ON = {
    "serve": "fastapi, uvicorn, asyncpg, pydantic, jinja2",
    "work": "faststream.kafka, asyncpg, pydantic",
}


def compare_starting(*, pods: Pods, size: Size) -> Operated:
    """A ratio per room against the bare import, and the seconds of each process."""
    seconds: dict[str, list[float]] = {f"{service}-{room}": [] for service in SERVICES for room in ROOMS}
    bare: dict[str, list[float]] = {what: [] for what in ("", *_STANDS_ON.values())}
    for repeat in range(size.operations_repeats + 1):
        timed = {what: _imported(what) for what in bare}
        started = {name: _started(pods, *name.split("-")) for name in seconds} if repeat else {}
        if repeat:  # the first only brings the files in
            for what, took in timed.items():
                bare[what].append(took)
            for name, took in started.items():
                seconds[name].append(took)
    compared = [_beside(room, what, seconds=seconds, bare=bare) for room, what in _STANDS_ON.items()]
    noted = [
        Noted("an interpreter that does nothing", bare[""]),
        *(Noted(f"an interpreter that imports {what}", bare[what]) for what in _STANDS_ON.values()),
        *(Noted(f"{name}, from exec to ready", took) for name, took in sorted(seconds.items())),
    ]
    return Operated(compared, noted)


def _beside(
    room: str, what: str, *, seconds: Mapping[str, Sequence[float]], bare: Mapping[str, Sequence[float]]
) -> Comparison:
    middles = [
        statistics.median(turn)
        for turn in zip(*(took for name, took in seconds.items() if name.endswith(room)), strict=True)
    ]
    return Comparison(
        ours=f"Start of a `{room}` process, exec to ready, the middle of four services",
        bare=f"an interpreter that imports {what}",
        ratios=[ours / theirs for ours, theirs in zip(middles, bare[what], strict=True)],
        aim=None,
        less_is_better=True,
        rates=f"{room}: {statistics.median(middles):.2f} s beside {statistics.median(bare[what]):.2f} s",
    )


def _imported(what: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {what}" if what else "pass"], check=True, timeout=60)
    return time.perf_counter() - began


def _started(pods: Pods, service: str, room: str) -> float:
    pod = pods.pod(service, room)
    began = time.perf_counter()
    pod.start()
    try:
        return until(lambda: pods.is_ready(pod), what=f"{pod.name} ready", look=0.02) - began
    finally:
        pods.end([pod])
