"""What notify shows of its mails and webhooks. Labels are kinds, states and outcomes, all from closed lists, and the short names of
the agencies that coordinators gave a webhook."""

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ipraktik_chassis.figures import age
from ipraktik_chassis.metrics import PREFIX
from ipraktik_notify.domain.kinds import KINDS
from ipraktik_notify.store.deliveries import Behind
from ipraktik_notify.store.queue import Standing

_OUTCOMES = ("sent", "deferred", "refused", "gave_up", "bad_address", "unwritable")
_SMTP_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_DELAY_BUCKETS = (1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 10800.0, 86400.0)


class MailMetrics:
    """Counters and gauges of the sending side."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.outcomes = Counter(
            f"{PREFIX}_mails",
            "Attempts to hand in a mail, by outcome.",
            ["kind", "outcome"],
            registry=registry,
        )
        for kind in KINDS:
            # there before the first: an increase never counts the value at which a series begins
            for outcome in _OUTCOMES:
                self.outcomes.labels(kind, outcome)
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
            "Mails that wait, are held, are ready, on their way or failed.",
            ["state"],
            registry=registry,
        )
        self.oldest_age = Gauge(
            f"{PREFIX}_mails_unsent_oldest_age_seconds",
            "For how long the oldest mail of a state has been there, by the programme's clock.",
            ["state"],
            registry=registry,
        )
        self.smtp_seconds = Histogram(
            f"{PREFIX}_smtp_send_duration_seconds",
            "Handing one mail to the mail server, connecting included where it had to be.",
            buckets=_SMTP_BUCKETS,
            registry=registry,
        )
        self.delay = Histogram(
            f"{PREFIX}_mail_delay_seconds",
            "From the moment a mail could go to the mail server's yes, by the programme's clock.",
            buckets=_DELAY_BUCKETS,
            registry=registry,
        )

    def show(self, standing: dict[str, Standing], *, now: datetime) -> None:
        """Bring the gauges up to date."""
        for state in ("waiting", "held", "pending", "sending", "failed"):
            there = standing.get(state, Standing(0, None))
            self.states.labels(state).set(there.mails)
            self.oldest_age.labels(state).set(age(there.since, now=now))


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
