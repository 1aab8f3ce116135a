"""What notify shows of its mails. Labels are kinds, states and outcomes: all from closed lists."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from ipraktik_chassis.metrics import PREFIX


class MailMetrics:
    """Counters and gauges of the sending side."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.outcomes = Counter(
            f"{PREFIX}_mails",
            "Attempts to hand in a mail, by outcome.",
            ["kind", "outcome"],
            registry=registry,
        )
        self.resent = Counter(
            f"{PREFIX}_mails_resent",
            "Mails in doubt that were sent again, same Message-ID.",
            registry=registry,
        )
        self.server_away = Counter(
            f"{PREFIX}_mail_server_away", "Times the mail server could not be reached.", registry=registry
        )
        self.states = Gauge(
            f"{PREFIX}_mails_unsent",
            "Mails that wait, are held, are ready or failed.",
            ["state"],
            registry=registry,
        )

    def show_states(self, counts: dict[str, int]) -> None:
        """Bring the gauges up to date."""
        for state in ("waiting", "held", "pending", "sending", "failed"):
            self.states.labels(state).set(counts.get(state, 0))
