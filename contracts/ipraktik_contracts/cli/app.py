"""The command itself: its commands, and the last word where something could not be tried."""

import sys
from collections.abc import Sequence

import typer

from .broker import quieten
from .commands.check import check
from .commands.replay import replay
from .commands.sandbox import sandbox
from .commands.state import state
from .commands.tail import tail
from .commands.verify import verify
from .refusal import CANNOT, CannotDo

app = typer.Typer(
    name="ipraktik-events",
    help="""Look at Innovationspraktik's public events, prove them, rebuild from them, play fictional ones, and check a subscriber.

The login comes from the environment, under the same names as for our services and the kit: KAFKA_BOOTSTRAP (host:port),
KAFKA_SECURITY_PROTOCOL (PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL), KAFKA_SASL_MECHANISM (SCRAM-SHA-512), KAFKA_USERNAME, KAFKA_PASSWORD
or KAFKA_PASSWORD_FILE, KAFKA_CA_FILE, KAFKA_CERT_FILE, KAFKA_KEY_FILE, and TOPIC_NAMESPACE for a prefix of the topic names.

Results go to standard output, everything about the work to standard error. Exit status: 0 it holds, 1 it does not, 2 it could not be
tried.
""",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120},
)
for command in (tail, verify, state, sandbox, check, replay):
    app.command()(command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run it; returns the exit status."""
    quieten()
    try:
        app(args=None if arguments is None else list(arguments), prog_name="ipraktik-events")
    except CannotDo as refusal:
        sys.stderr.write(f"ipraktik-events: {refusal}\n")
        return CANNOT
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else CANNOT if ended.code else 0
    return 0
