"""`ipraktik-events tail`: look on while it happens."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from ...envelope import CloudEvent, DecodingError, decode, instant_text
from .. import loop, options, output
from ..broker import sentences
from ..choice import Choice, choice_of
from ..jsonlines import line_of
from ..login import Login, login_from
from ..reading import Start, read_all, reader_of
from ..records import Taken, place_of
from ..refusal import HOLDS
from ..starts import start_from

_LONGEST = 400


def tail(
    start: Annotated[
        list[str] | None,
        typer.Option(
            "--from",
            metavar="WHERE",
            help="now (else this); start; an instant such as 2027-06-08T10:00:00Z (when the broker took the record, not ce_time); "
            "or a place such as innovationspraktik.placements.v1[3]@120, then only the partitions named are read.",
        ),
    ] = None,
    types: options.Types = None,
    edition: options.Editions = None,
    municipality: Annotated[
        list[str] | None,
        typer.Option(
            "--municipality",
            metavar="CODE",
            help="Only what is about it; code (0751) or name. May be repeated.",
        ),
    ] = None,
    as_json: options.AsJson = False,
    follow: Annotated[bool, typer.Option(help="Go on listening; else end at what is there now.")] = True,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="End after so many events.")] = None,
    bootstrap: options.Bootstrap = None,
    namespace: options.Namespace = None,
) -> None:
    """Show events of the public topics as they come.

    One line an event: when it happened, its name, its number in the line of its aggregate, the aggregate's id, what it says, and where
    it lies. With `--json` each is a CloudEvent in structured mode, as `replay` writes it.

    Filters hold together: `--type AgreementSigned --municipality Odense` is what is signed there. A sign-up lies where its workplace
    is, a placement where its intern and where its host are, evaluations where their placement is; to know that, the topics are read
    once from the start before anything is shown. Editions and reports lie nowhere.

    Records that this version cannot read (unknown types, newer majors, malformed ones) are told of on standard error, each with its
    place. Order is promised within an aggregate only.

    Ends with Ctrl-C. Exit status: 0 ended, 2 could not be tried.
    """
    login = login_from(os.environ, bootstrap=bootstrap, namespace=namespace)
    begin = start_from(start or ("now",), now_allowed=True)
    choice = choice_of(types or (), edition or (), municipality or ())
    shown = _Shown(login, choice, as_json=as_json, limit=limit)
    loop.run(_tail(login, begin, shown, follow=follow), interrupted=HOLDS)


@dataclass
class _Shown:
    """Shows what is wanted of what comes."""

    login: Login
    choice: Choice
    as_json: bool
    limit: int | None
    count: int = 0

    @property
    def done(self) -> bool:
        """Whether enough was shown."""
        return self.limit is not None and self.count >= self.limit

    def take(self, records: Sequence[Taken]) -> None:
        """Show what is wanted of these."""
        for record in records:
            if self.done:
                return
            try:
                event = decode(record.headers, record.value)
            except DecodingError as error:
                output.note(f"left alone: {place_of(record)}: {error}{_type_of(record)}")
                continue
            self.choice.learn(event.data)
            if self.choice.wants(event.data):
                self.count += 1
                if self.as_json:
                    output.say_bytes(line_of(record, namespace=self.login.namespace))
                else:
                    output.say(_line(event, record))
        output.flush()

    def learn(self, records: Sequence[Taken]) -> None:
        """Only remember where things are."""
        for record in records:
            try:
                self.choice.learn(decode(record.headers, record.value).data)
            except DecodingError:
                continue  # told of when it is shown


async def _tail(login: Login, start: Start, shown: _Shown, *, follow: bool) -> int:
    with sentences(login):
        async with reader_of(login, start=start) as reader:
            if shown.choice.municipalities:
                with output.at_work("reading where everybody is"):
                    await read_all(login, shown.learn)
            if not follow:
                await reader.to_the_end(shown.take)
            while follow and not shown.done:
                shown.take(await reader.next_ones())
    return HOLDS


def _line(event: CloudEvent, record: Taken) -> str:
    data: dict[str, Any] = event.data.model_dump(mode="json", exclude={event.data.KEY}, exclude_none=True)
    says = " ".join(f"{name}={_short(value)}" for name, value in data.items())
    name = type(event.data).__name__
    shown = f"{instant_text(event.time)} {name} {event.sequence} {event.key} {says}"
    return f"{shown[:_LONGEST]}{'...' if len(shown) > _LONGEST else ''} {place_of(record)}"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + " ".join(f"{name}={_short(one)}" for name, one in value.items() if one is not None) + "}"
    if isinstance(value, list):
        return "[" + " ".join(_short(one) for one in value) + "]"
    return repr(value) if isinstance(value, str) and (" " in value or not value) else str(value)


def _type_of(record: Taken) -> str:
    raw = dict(record.headers).get("ce_type")
    return f" ({raw[:100].decode('utf-8', 'replace')})" if isinstance(raw, bytes) else ""
