"""Options and arguments that several commands share, with their help."""

from pathlib import Path
from typing import Annotated

import typer

Bootstrap = Annotated[
    str | None,
    typer.Option("--bootstrap", metavar="HOST:PORT", help="The brokers; goes before KAFKA_BOOTSTRAP."),
]
Namespace = Annotated[
    str | None,
    typer.Option(
        "--namespace", metavar="PREFIX", help="Prefix of the topic names; goes before TOPIC_NAMESPACE."
    ),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="For programs: JSON on standard output, one object a line.")
]
FromFile = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FILE]",
        help="JSON lines as `replay` writes them, or CloudEvents one a line; - is standard input. Without it the topics are read.",
    ),
]
Types = Annotated[
    list[str] | None,
    typer.Option("--type", metavar="NAME", help="Only this event, such as AgreementSigned. May be repeated."),
]
Editions = Annotated[
    list[str] | None,
    typer.Option("--edition", metavar="ID", help="Only this edition. May be repeated."),
]
From = Annotated[
    list[str] | None,
    typer.Option(
        "--from",
        metavar="WHERE",
        help="start; an instant such as 2027-06-08T10:00:00Z (when the broker took the record, not ce_time); "
        "or a place such as innovationspraktik.placements.v1[3]@120, then only the partitions named are read.",
    ),
]
