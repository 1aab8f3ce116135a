"""Processor seconds used so far, by part. A server counts with all its children, those that have ended included."""

from collections.abc import Mapping

import psutil


def processor_seconds(parts: Mapping[str, int]) -> dict[str, float]:
    """Part -> seconds, from part -> process number."""
    return {part: _of_family(pid) for part, pid in parts.items()}


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What was used between two looks."""
    return {part: after[part] - before[part] for part in after}


def _of_family(pid: int) -> float:
    head = psutil.Process(pid)
    own = head.cpu_times()
    seconds = own.user + own.system + own.children_user + own.children_system
    for child in head.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
    return float(seconds)
