"""When effects come: a count looked at again and again beside the measurement, so that no look of another delays it."""

import threading
import time
from collections.abc import Callable
from typing import Self

_LOOK_SECONDS = 0.02


class Watch:
    """`with Watch(count, most) as watch:` - notes when the first and the last of so many effects was seen."""

    def __init__(self, count: Callable[[], int], *, most: int) -> None:
        self.first: float | None = None
        self.last: float | None = None
        self._count, self._most = count, most
        self._over = threading.Event()
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def seconds_since(self, moment: float, *, within: float) -> tuple[float, float]:
        """Until the first and until the last, from this instant; waits for the last. Raises TimeoutError."""
        self._thread.join(within)
        if self._failed is not None:
            raise self._failed
        if self.first is None or self.last is None:
            raise TimeoutError(
                f"of {self._most} that wait, not all have had their effect within {within:g} s"
            )
        return max(self.first - moment, 0.0), max(self.last - moment, 0.0)

    def _look(self) -> None:
        try:
            while not self._over.wait(_LOOK_SECONDS):
                seen, now = self._count(), time.perf_counter()
                if seen and self.first is None:
                    self.first = now
                if seen >= self._most:
                    self.last = now
                    return
        except BaseException as error:  # noqa: BLE001 - raised by whoever waits for the last
            self._failed = error
