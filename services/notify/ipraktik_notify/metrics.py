"""What notify shows of its mails and webhooks. Labels are kinds, states and outcomes, all from closed lists, and the short names of
the agencies that coordinators gave a webhook."""

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from ipraktik_chassis.metrics import PREFIX
from ipraktik_notify.store.deliveries import Behind


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


class WebhookMetrics:
    """Counters and gauges of the webhooks, by agency."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.attempts = Counter(
            f"{PREFIX}_webhook_attempts",
            "Attempts to deliver an event, by outcome; delivered or what went wrong.",
            ["agency", "outcome"],
            registry=registry,
        )
        self._webhooks = Gauge(
            f"{PREFIX}_webhooks", "Webhooks by state.", ["agency", "state"], registry=registry
        )
        self._events = Gauge(
            f"{PREFIX}_webhook_lag_events",
            "Events of the log that the agency's last webhook has not passed yet.",
            ["agency", "state"],
            registry=registry,
        )
        self._seconds = Gauge(
            f"{PREFIX}_webhook_lag_seconds",
            "Age of the oldest event that an agency's webhook has not taken, by the programme's clock.",
            ["agency", "state"],
            registry=registry,
        )

    def show(self, standings: Sequence[Behind], *, now: datetime) -> None:
        """Bring the gauges up to date; who has no webhook any more is shown no more."""
        for gauge in (self._webhooks, self._events, self._seconds):
            gauge.clear()
        for one in standings:
            labels = (one.agency, one.state)
            self._webhooks.labels(*labels).set(one.webhooks)
            self._events.labels(*labels).set(one.events)
            late = 0.0 if one.since is None else (now - one.since).total_seconds()
            self._seconds.labels(*labels).set(max(late, 0.0))
