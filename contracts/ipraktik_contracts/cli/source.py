"""Where `verify` and `state` take the stream from: the topics to their present end, or a file."""

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from .jsonlines import records_in
from .login import login_from
from .proof.ledger import Ledger
from .proof.report import Proof, proof_of
from .reading import read_all
from .records import Place, RawRecord
from .refusal import CannotDo

_AT_ONCE = 1000


async def ledger_of(file: Path | None, *, bootstrap: str | None, namespace: str | None) -> tuple[Ledger, int]:
    """The ledger of the stream, closed, and how many partitions it came from (0 for a file)."""
    if file is not None:
        return _from_file(file, namespace or ""), 0
    login = login_from(os.environ, bootstrap=bootstrap, namespace=namespace)
    ledger = Ledger(login.namespace)
    plan = await read_all(login, ledger.take)
    for stretch in plan.stretches:
        if stretch.first > 0:
            place = Place(stretch.topic, stretch.partition, stretch.first)
            ledger.findings.add("beginning", place, f"records before it that are gone: {stretch.first}")
    ledger.close()
    return ledger, len(plan.stretches)


async def proof_from(
    file: Path | None, *, bootstrap: str | None, namespace: str | None
) -> tuple[Ledger, Proof]:
    """The ledger with its proof."""
    with _seldom_collecting():
        ledger, partitions = await ledger_of(file, bootstrap=bootstrap, namespace=namespace)
        return ledger, proof_of(ledger, partitions=partitions)


def _from_file(file: Path, namespace: str) -> Ledger:
    ledger = Ledger(namespace)
    with opened(file) as lines:
        for batch in _batches(records_in(lines, namespace=namespace)):
            ledger.take(batch)
    ledger.close()
    return ledger


def opened(file: Path) -> BinaryIO:
    """The file for reading; - is standard input. Raises CannotDo."""
    if str(file) == "-":
        return sys.stdin.buffer
    try:
        return file.open("rb")
    except OSError as error:
        raise CannotDo(f"{file} cannot be read: {error.strerror}") from None


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """A ledger only grows and has no cycles: looking through all of it again and again finds nothing and costs a tenth."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _batches(records: Iterable[RawRecord]) -> Iterator[list[RawRecord]]:
    every = iter(records)
    while batch := list(islice(every, _AT_ONCE)):
        yield batch
