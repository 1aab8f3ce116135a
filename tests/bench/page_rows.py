"""The pages: what a hundred times as many participants cost each, and how many front pages and registries a second are given out.

A page's time is that of one person alone: one connection, one request at a time, the middle of many. Few and many take turns. It is
made anew each time, for somebody who has a cookie; how many a second are given out is measured with visitors who have none.
"""

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from bench import bare_page
from bench.cpu import processor_seconds, spent
from bench.figures import Comparison, shares
from bench.load import CONNECTIONS, Pressed, press
from bench.page_stage import Stage, staged
from bench.page_table import FORM, FRONT, PAGES, REGISTRY, Page
from bench.part import Part
from bench.signing_up import host_and_port
from bench.sizes import Size

from ipraktik_local.ports import HOST, reserve_port

FEW = 142
_MADE_ANEW: Final = {"cookie": "whose=somebody"}
_NOTHING: Final[Mapping[str, str]] = {}


class PageFailed(RuntimeError):
    """Pages answered something else than 200: there is nothing to measure. Says which and what."""


def compare_pages(*, home: Path, size: Size) -> Sequence[Comparison]:
    """The rows. Raises PageFailed before anything is measured, naming every page that does not answer."""
    with staged(home, few=FEW, many=size.page_participants) as (few, many):
        sizes = looked_at(few, many)
        rows = [_grown(page, few=few, many=many, size=size) for page in PAGES]
        rows += [
            _against_bare(page, stage=few, size=size, weighs=sizes[page.name]) for page in (FRONT, REGISTRY)
        ]
    return rows


class Answers(Protocol):
    """A stage, as far as it can be looked at."""

    @property
    def participants(self) -> int:
        """How many take part."""
        ...

    def answers(self, pages: tuple[Page, ...]) -> dict[str, tuple[int, int]]:
        """Status and size of each page, by name."""
        ...


def looked_at(few: Answers, many: Answers) -> dict[str, int]:
    """The size of each page. Raises PageFailed."""
    answers = {stage.participants: stage.answers(PAGES) for stage in (few, many)}
    failed = [
        f"{name} at {participants}: {status}"
        for participants, found in answers.items()
        for name, (status, _) in found.items()
        if status != 200
    ]
    if failed:
        raise PageFailed(f"pages must answer 200; {'; '.join(failed)}")
    return {name: weighs for name, (_, weighs) in answers[FEW].items()}


def _grown(page: Page, *, few: Stage, many: Stage, size: Size) -> Comparison:
    took: dict[int, list[float]] = {few.participants: [], many.participants: []}
    for repeat in range(size.repeats + 1):
        for stage in (few, many):
            pressed = _pressed(stage, page, most=size.page_requests, connections=1, extra=_MADE_ANEW)
            if repeat:  # the first fills caches
                took[stage.participants].append(pressed.p50)
    rates = "; ".join(
        f"at {participants:,}: {1e3 * statistics.median(found):.1f} ms"
        for participants, found in took.items()
    )
    return Comparison(
        ours=f"Page `{page.name}` at {many.participants:,} participants",
        bare=f"the same at {few.participants}",
        ratios=[
            large / small
            for small, large in zip(took[few.participants], took[many.participants], strict=True)
        ],
        aim=2.0,
        less_is_better=True,
        rates=rates,
    )


def _pressed(
    stage: Stage,
    page: Page,
    *,
    connections: int,
    most: int | None = None,
    seconds: float = 60.0,
    extra: Mapping[str, str] = _NOTHING,
) -> Pressed:
    host, port = host_and_port(stage.stack.env[f"{page.service.upper()}_URL"])
    return _under_load(
        address=(host, port),
        path=stage.path(page),
        headers={**stage.headers(page), **extra},
        connections=connections,
        most=most,
        seconds=seconds,
        page=page,
    )


def _under_load(
    *,
    address: tuple[str, int],
    path: str,
    headers: dict[str, str],
    connections: int,
    seconds: float,
    most: int | None = None,
    page: Page | None = None,
) -> Pressed:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode()
    host, port = address
    with Part(
        press,
        host=host,
        port=port,
        path=path,
        method="GET" if page is None else page.method,
        kind=FORM,
        body=b"" if page is None else page.form.encode(),
        headers=lines,
        seconds=seconds,
        most=most,
        connections=connections,
    ) as load:
        load.go()
        pressed: Pressed = load.result(within=seconds + 90)
    if set(pressed.statuses) != {200}:
        raise PageFailed(f"{path} was to answer 200 under load; it answered {pressed.statuses}")
    return pressed


def _against_bare(page: Page, *, stage: Stage, size: Size, weighs: int) -> Comparison:
    postgres = stage.stack.postgres
    assert postgres is not None
    per_second: dict[str, list[float]] = {"ours": [], "bare": []}
    used: list[dict[str, float]] = []
    pids = {"server": stage.stack.child(page.service, "serve").pid, "postgres": postgres.pid}
    with (
        reserve_port() as port,
        Part(bare_page.serve, host=HOST, port=port.number, size=weighs) as bare,
    ):
        for repeat in range(size.repeats + 1):
            before = processor_seconds(pids)
            ours = _pressed(stage, page, connections=CONNECTIONS, seconds=size.page_seconds)
            spent_here = spent(before, processor_seconds(pids)) | {"load": ours.processor_seconds}
            beside = _under_load(
                address=(HOST, port.number),
                path=bare_page.PATH,
                headers={},
                connections=CONNECTIONS,
                seconds=size.page_seconds,
            )
            if repeat:
                used.append({part: seconds / ours.requests for part, seconds in spent_here.items()})
                for name, pressed in (("ours", ours), ("bare", beside)):
                    per_second[name].append(pressed.requests / pressed.seconds)
        bare.stop()
    middle = {part: statistics.median(one[part] for one in used) for part in used[0]}
    rates = "; ".join(f"{name} {statistics.median(found):,.0f}/s" for name, found in per_second.items())
    return Comparison(
        ours=f"Page `{page.name}`, requests per second",
        bare=f"bare Starlette route with a Jinja template of the same size; {CONNECTIONS} connections",
        ratios=[o / b for o, b in zip(per_second["ours"], per_second["bare"], strict=True)],
        aim=0.5,
        goes_to=shares(
            {
                "the `serve` process": middle["server"],
                "PostgreSQL": middle["postgres"],
                "the load itself": middle["load"],
            }
        ),
        remark="Shares of the processor time of a request.",
        rates=f"{rates}; us per request: "
        + ", ".join(f"{part} {1e6 * seconds:.0f}" for part, seconds in middle.items())
        + f"; {weighs / 1000:.0f} kB",
    )
