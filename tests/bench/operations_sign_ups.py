"""People who sign up while a process ends or a server is away, each with a key: whoever got no answer asks again with the same.

Invariant that the rows build on: a key is one sign-up, however often it is sent.
"""

import asyncio
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from bench.load import TAG
from bench.signing_up import PATH, intern_body

_SIDE_BY_SIDE = 16
_BODY = intern_body()


@dataclass(slots=True)
class Answers:
    """What came of the requests so far."""

    taken: int = 0
    in_flight: int = 0
    broken: list[uuid.UUID] = field(default_factory=list)
    """Those without an answer, or with another one."""
    refused: int = 0
    """Of them, those whose connection was not taken at all: a balancer gives them to another replica."""


class SigningUp:
    """`with SigningUp(url) as people:` - they sign up until the block ends, or until so many have asked."""

    def __init__(self, url: str, *, most: int | None = None) -> None:
        self.answers = Answers()
        self._url, self._most = url, most
        self._begun = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._sign_up()), daemon=True)

    def __enter__(self) -> "SigningUp":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def until(self, fact: Callable[[Answers], bool], *, within: float = 120.0) -> None:
        """Wait until the answers say so."""
        deadline = time.monotonic() + within
        while not fact(self.answers):
            if not self._thread.is_alive() or time.monotonic() > deadline:
                raise TimeoutError(f"signing up: {self.answers}")
            time.sleep(0.005)

    async def _sign_up(self) -> None:
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client, asyncio.TaskGroup() as group:
            for _ in range(_SIDE_BY_SIDE):
                group.create_task(self._one_by_one(client))

    async def _one_by_one(self, client: httpx.AsyncClient) -> None:
        while not self._over.is_set() and (self._most is None or self._begun < self._most):
            self._begun += 1
            key = uuid.uuid4()
            self.answers.in_flight += 1
            try:
                taken = (await ask(client, self._url, key)) == httpx.codes.CREATED
            except httpx.ConnectError:
                taken = False
                self.answers.refused += 1
                await asyncio.sleep(0.05)  # nobody is there any more; the rest of the block needs no flood
            except httpx.TransportError:
                taken = False
            finally:
                self.answers.in_flight -= 1
            if taken:
                self.answers.taken += 1
            else:
                self.answers.broken.append(key)


async def ask(client: httpx.AsyncClient, url: str, key: uuid.UUID) -> int:
    """Sign up under this key: the status of the answer."""
    body = _BODY.replace(TAG, key.hex[:8].encode())
    headers = {"idempotency-key": str(key), "content-type": "application/json"}
    return (await client.post(url + PATH, content=body, headers=headers)).status_code


def asked_again(url: str, keys: list[uuid.UUID]) -> None:
    """Everybody without an answer asks again. Raises RuntimeError where one is not taken then."""

    async def asking() -> list[int]:
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            return [await ask(client, url, key) for key in keys]

    if wrong := [status for status in asyncio.run(asking()) if status not in (200, 201)]:
        raise RuntimeError(f"asked again, and not taken: {wrong}")
