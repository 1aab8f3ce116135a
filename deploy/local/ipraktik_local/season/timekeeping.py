"""The season's time: it moves forward, to the next moment at which something is due, once every process has nothing left to do."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import httpx

PATIENCE_SECONDS: Final = 180.0


class NeverQuiet(RuntimeError):
    """The system did not come to rest; the message says which process still has what to do."""


@dataclass
class Timekeeper:
    """Holds the clock file and asks every process's ops port whether it is at rest."""

    clock_file: Path
    ops_urls: Mapping[str, str]
    client: httpx.AsyncClient
    now: datetime
    next_due: datetime | None = None
    waited: float = 0.0
    steps: int = 0
    _last: dict[str, dict[str, Any]] = field(default_factory=dict)

    def set(self, instant: datetime) -> None:
        """Move time to an instant. Raises ValueError for a step back."""
        if instant < self.now:
            raise ValueError(f"time only moves forward: it is {self.now}, asked for {instant}")
        self.now = instant
        self.steps += 1
        fresh = self.clock_file.with_suffix(".new")
        fresh.write_text(instant.isoformat())
        fresh.replace(self.clock_file)

    async def quiet(self) -> None:
        """Wait until all processes are at rest, seen twice in a row with nothing done in between. Raises NeverQuiet."""
        started = time.monotonic()
        before: int | None = None
        restless = list(self.ops_urls)
        while True:
            if time.monotonic() - started > PATIENCE_SECONDS:
                raise NeverQuiet(self._sentence())
            reports = await asyncio.gather(*(self._ask(name) for name in restless))
            all_asked = len(restless) == len(self.ops_urls)
            still = [name for name, report in zip(restless, reports, strict=True) if not report["quiet"]]
            if still:
                restless, before = still, None  # asked alone until they rest, to leave the machine to them
                await asyncio.sleep(0.02)
                continue
            restless = list(self.ops_urls)
            if all_asked:
                activity = sum(report["activity"] for report in reports)
                if activity == before:
                    break
                before = activity
        self.waited += time.monotonic() - started
        dues = [datetime.fromisoformat(report["next_due"]) for report in reports if report.get("next_due")]
        self.next_due = min(dues, default=None)

    def parked(self) -> int:
        """Records parked, as of the last look."""
        return sum(report.get("parked", 0) for report in self._last.values())

    async def _ask(self, name: str) -> dict[str, Any]:
        try:
            response = await self.client.get(self.ops_urls[name] + "/quiet")
            report: dict[str, Any] = (
                response.json() if response.status_code == 200 else {"quiet": False, "activity": 0}
            )
        except (httpx.HTTPError, ValueError):
            report = {"quiet": False, "activity": 0, "unreachable": True}
        self._last[name] = report
        return report

    def _sentence(self) -> str:
        restless = {
            name: {
                what: amount
                for what, amount in report.items()
                if amount and what not in ("activity", "next_due", "quiet")
            }
            for name, report in self._last.items()
            if not report["quiet"]
        }
        return (
            f"the system did not come to rest within {PATIENCE_SECONDS:.0f} seconds at {self.now}: {restless}"
        )
