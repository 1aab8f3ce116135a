"""`ipraktik-events replay`: take a stretch of the stream home."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, BinaryIO
from uuid import UUID

import typer

from ...counted import counted
from ...envelope import DecodingError, decode
from .. import loop, options, output
from ..choice import Choice, choice_of
from ..jsonlines import is_raw, line_of
from ..login import Login, login_from
from ..reading import Start, read_all
from ..records import Taken
from ..refusal import HOLDS, CannotDo
from ..starts import start_from


def replay(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; - is standard output.")],
    start: options.From = None,
    edition: options.Editions = None,
    types: options.Types = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    bootstrap: options.Bootstrap = None,
    namespace: options.Namespace = None,
) -> None:
    """Write the public topics, or a part of them, into a file of JSON lines.

    Each line is a CloudEvent 1.0 in structured mode with its body untouched, and with `kafkatopic` (without namespace),
    `kafkapartition` and `kafkaoffset` for where it lay. A record that is no CloudEvent is kept whole as a raw line, in base64.
    `verify FILE` and `state FILE` read the file; a file of everything, or of whole editions, gives the hashes of the topics. Order is that
    of each partition; how partitions are mixed differs from run to run.

    `--from` says where to begin; the end is what is there when the command starts. `--edition` takes everything that belongs to the
    edition, unknown types in a line of its own aggregates too; what cannot be told to belong to one is left out and counted.

    The file is written under another name first and appears when it is whole.

    Exit status: 0 written, 2 could not be tried, 130 interrupted (and nothing written).
    """
    login = login_from(os.environ, bootstrap=bootstrap, namespace=namespace)
    begin = start_from(start or (), now_allowed=False)
    choice = choice_of(types or (), edition or ())
    if str(file) != "-" and file.exists() and not force:
        raise CannotDo(f"{file} is there already: give another name, or --force")
    loop.run(_replay(login, begin, choice, file))


@dataclass
class _Writing:
    """Writes what is wanted, and counts the rest."""

    into: BinaryIO
    login: Login
    choice: Choice
    written: int = 0
    raw: int = 0
    left_out: int = 0
    untold: int = 0
    _edition_of: dict[tuple[str, bytes], UUID] = field(default_factory=dict)

    def take(self, records: Sequence[Taken]) -> None:
        """Write what is wanted of these."""
        for record in records:
            if not self._wants(record):
                self.left_out += 1
                continue
            line = line_of(record, namespace=self.login.namespace)
            self.written += 1
            self.raw += is_raw(line)
            self.into.write(line + b"\n")

    def _wants(self, record: Taken) -> bool:
        choice = self.choice
        if not choice.types and not choice.editions:
            return True
        try:
            data = decode(record.headers, record.value).data
        except DecodingError:
            return not choice.types and self._of_an_edition(record)
        if isinstance(edition := getattr(data, "edition_id", None), UUID) and record.key is not None:
            self._edition_of[record.topic, record.key] = edition
        return choice.wants(data)

    def _of_an_edition(self, record: Taken) -> bool:
        edition = self._edition_of.get((record.topic, record.key))
        if edition is None:
            self.untold += 1
            return False
        return edition in self.choice.editions


async def _replay(login: Login, start: Start, choice: Choice, file: Path) -> int:
    with _appearing(file) as into, output.at_work("reading and writing"):
        writing = _Writing(into, login, choice)
        await read_all(login, writing.take, start=start)
    said = f"{counted(writing.written, 'record', 'records')} written"
    if writing.raw:
        said += f", {writing.raw} of them raw because they are no CloudEvents"
    if writing.left_out:
        said += f"; {writing.left_out} left out"
    if writing.untold:
        said += f", {writing.untold} of them because nothing tells their edition"
    output.note(said)
    return HOLDS


@contextmanager
def _appearing(file: Path) -> Iterator[BinaryIO]:
    """A file that is there whole or not at all."""
    if str(file) == "-":
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        with unfinished.open("wb") as into:
            yield into
        unfinished.replace(file)
    except OSError as error:
        raise CannotDo(f"{file} cannot be written: {error.strerror}") from None
    finally:
        unfinished.unlink(missing_ok=True)
