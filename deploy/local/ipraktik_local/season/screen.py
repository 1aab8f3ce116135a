"""What the season's audience sees: a bar per stage, and at the end one screen that says whether everything adds up."""

import time
from collections.abc import Mapping
from datetime import date
from email.utils import getaddresses
from typing import Any
from urllib.parse import urlencode

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from .figures import Figures


class Bars:
    """A progress bar per stage, and how many real seconds each took. Without a terminal, such as in CI, a line as each ends."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description:<46}"),
            BarColumn(bar_width=28),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._name = ""
        self._since = time.monotonic()
        self.seconds: dict[str, float] = {}

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._progress.stop()

    def stage(self, name: str) -> None:
        """Finish the stage under way and begin the next."""
        self.close()
        self._name = name
        self._since = time.monotonic()
        self._task = self._progress.add_task(name, total=1.0, note="")

    def share(self, share: float, note: str) -> None:
        """Show how far the stage has come."""
        if self._task is not None:
            self._progress.update(self._task, completed=min(share, 1.0), note=note)

    def close(self) -> None:
        """Finish the stage under way."""
        if self._task is not None:
            self._progress.update(self._task, completed=1.0)
            self._progress.stop_task(self._task)
            self.seconds[self._name] = round(time.monotonic() - self._since, 2)
            if not self._console.is_terminal:
                self._console.print(
                    f"{self._name:<46} done in {self.seconds[self._name]:.0f} s", highlight=False
                )
            self._task = None


def last_screen(console: Console, figures: Figures) -> None:
    """The whole season on one screen."""
    console.print()
    sheet = Table.grid(padding=(0, 4))
    sheet.add_row(
        _pairs("The funnel", figures.funnel),
        _pairs("Events by type", dict(sorted(figures.events.items()))),
        _pairs("Mails by kind", dict(sorted(figures.mails.items()))),
    )
    console.print(sheet)
    table = Table(title="Indicators", title_justify="left", box=None)
    for heading in ("", "this season", "n", "published by the programme"):
        table.add_column(heading, justify="left")
    for code, one in figures.indicators.items():
        share = "under 5 answers" if one["share"] is None else f"{one['share']:.0%}"
        table.add_row(code.replace("_", " "), share, str(one["n"]), one["published"])
    console.print(table)
    facts = {name: value for name, value in figures.reconciliation.items() if name != "findings"}
    facts |= {
        "mails sent": sum(figures.mails.values()),
        "mails sent again when in doubt": figures.mails_sent_again,
        "mails twice": figures.mails_twice,
    }
    console.print(_pairs("Reconciliation", facts))
    if figures.holds:
        console.print(
            "[bold green]It holds:[/] every committed event stands on its topic once in effect, in order and without a gap; "
            "every consumer is caught up; nothing is parked; no mail went out twice."
        )
    else:
        console.print("[bold red]It does not hold:[/]")
        for finding in figures.reconciliation["findings"]:
            console.print(f"  - {finding}", highlight=False)


def where_to_look(console: Console, env: Mapping[str, str], *, edition_id: str, after: date) -> None:
    """Addresses for whoever wants to look around, all at the one origin for people but the mails. `after` is today there."""
    base, mail = env["BASE_URL"], env.get("MAIL_URL", "")
    coordinator = getaddresses([env["COORDINATOR_ADDRESSES"]])[0][1]
    console.print()
    console.print(f"[bold]Where to look[/] (until Ctrl-C; there it is {after:%d.%m.%Y})")
    places = {
        "front page": f"{base}/",
        "host registry": f"{base}/registration/hosts",
        "reports": f"{base}/evaluation/reports",
        "this season's": f"{base}/evaluation/reports/{edition_id}",
        "my page": "open anybody's newest mail below and follow its link, or ask for one at "
        f"{base}/registration/new-link",
        "the board": f"{base}/registration/sign-in - write {coordinator}; the link is in that mail below",
        "all mail": f"{mail}/",
        "its mail": f"{mail}/?{urlencode({'to': coordinator})}",
    }
    for name, address in places.items():
        console.print(f"  {name:<14} {address}", highlight=False, soft_wrap=True)
    console.print("For programs")
    for name, address in {
        "OpenAPI": f"{base}/registration/openapi.json (and /matching, /notify, /evaluation)",
        "Kafka": env["KAFKA_BOOTSTRAP"]
        + (f" (user {env['KAFKA_USERNAME']})" if "KAFKA_USERNAME" in env else ""),
    }.items():
        console.print(f"  {name:<14} {address}", highlight=False, soft_wrap=True)


def _pairs(title: str, values: Mapping[str, Any]) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    table.add_column(justify="left")
    table.add_column(justify="right")
    for name, value in values.items():
        table.add_row(str(name), f"{value}")
    return table
