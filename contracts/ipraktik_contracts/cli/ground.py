"""The ground that fictional events are played on: never the real topics, and afterwards as it was found.

Either a broker that is named, with topics under a namespace, or one of our own in a temporary folder, where the topics have their real
names. `ipraktik_local` brings the own one; it is not a dependency of this package, and is looked for by name.
"""

import asyncio
import importlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from . import output
from .login import Login, login_from
from .playing import make_topics, remove_topics
from .refusal import CannotDo

NAMESPACE: Final = "sandbox."
_OWN_BROKER: Final = "ipraktik_local.kafka"


@asynccontextmanager
async def ground(
    environment: Mapping[str, str],
    *,
    bootstrap: str | None,
    namespace: str | None,
    own: bool,
    keep: bool = False,
) -> AsyncIterator[Login]:
    """A login with topics to play into. What was made here is removed at the end, unless it is to be kept."""
    if not own and (bootstrap or environment.get("KAFKA_BOOTSTRAP")):
        login = fictional_login(environment, bootstrap=bootstrap, namespace=namespace)
        async with _topics(login, keep=keep) as made:
            yield made
        return
    async with _own_broker() as address:
        login = Login(bootstrap=address, namespace=namespace or "")
        await make_topics(login)
        yield login


def fictional_login(environment: Mapping[str, str], *, bootstrap: str | None, namespace: str | None) -> Login:
    """A login whose topics cannot be the real ones. Raises CannotDo."""
    prefix = environment.get("TOPIC_NAMESPACE") or NAMESPACE if namespace is None else namespace
    login = login_from(environment, bootstrap=bootstrap, namespace=prefix)
    if not login.namespace:
        raise CannotDo(
            f"Fictional events are never played into the real topics: give --namespace, such as {NAMESPACE}"
        )
    return login


@asynccontextmanager
async def _topics(login: Login, *, keep: bool) -> AsyncIterator[Login]:
    made = await make_topics(login)
    try:
        yield login
    finally:
        if made and not keep:
            await asyncio.shield(remove_topics(login, made))
            output.note(f"removed: {', '.join(made)}")


@asynccontextmanager
async def _own_broker() -> AsyncIterator[str]:
    try:
        local: Any = importlib.import_module(_OWN_BROKER)
    except ModuleNotFoundError:
        raise CannotDo(
            "No broker is named, and ipraktik_local, which could start one, is not installed here: set KAFKA_BOOTSTRAP"
        ) from None
    with tempfile.TemporaryDirectory(prefix="ipraktik-sandbox-", ignore_cleanup_errors=True) as folder:
        output.note("starting a broker ...")
        server = local.KafkaServer(home=Path(folder))
        try:
            await _to_its_end(asyncio.to_thread(server.start))
            yield server.bootstrap
        finally:
            await _to_its_end(asyncio.to_thread(server.close))
            output.note("the broker is stopped, and its data removed")


async def _to_its_end(work: Any) -> None:
    """Wait for a thread even when we are told to end: what it starts must be there to be stopped."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
