"""What the dashboards show of every service, and nothing of how Grafana wants it written down; `boards.py` has the pages.

In an expression `$SEL` stands for the reader's choice of namespace, service, job and instance, `$BY` for namespace and service
(recorded series know no instance). Age comes before depth, and what is read from a database is `max`, never `sum`.
"""

from typing import Final

from ipraktik_local.watching.dashboards import Line, Panel, Row

_REQUESTS: Final = "http_server_request_duration_seconds"
_P: Final = "innovationspraktik"
_LE: Final = "histogram_quantile(0.95, sum by (service, le) (rate({}_bucket{{$SEL}}[$__rate_interval])))"


def slowest(metric: str) -> Line:
    """What 95 of a hundred are faster than."""
    return Line(_LE.format(metric), "95 % {{service}}")


REQUESTS: Final = Row(
    "Requests",
    (
        Panel(
            "Requests",
            "Answered requests per second, by route. The raw path is never known here.",
            "reqps",
            (
                Line(
                    f"sum by (service, method, route) (rate({_REQUESTS}_count{{$SEL}}[$__rate_interval]))",
                    "{{method}} {{route}}",
                ),
            ),
        ),
        Panel(
            "Failed requests",
            "Server errors and refusals for being too many, per second. Where a form is filled in wrongly is not among them.",
            "reqps",
            (
                Line(
                    f'sum by (service, route, status_code) (rate({_REQUESTS}_count{{$SEL, status_code=~"5..|429"}}[$__rate_interval]))',
                    "{{status_code}} {{route}}",
                ),
            ),
        ),
        Panel(
            "Time to answer",
            "95 of a hundred answers are faster. The objective is half a second; who waits at the feed waits on purpose.",
            "s",
            (
                Line(
                    f'histogram_quantile(0.95, sum by (service, le) (rate({_REQUESTS}_bucket{{$SEL, route!="/api/v1/events"}}[$__rate_interval])))',
                    "95 % {{service}}",
                ),
                Line(
                    f'histogram_quantile(0.5, sum by (service, le) (rate({_REQUESTS}_bucket{{$SEL, route!="/api/v1/events"}}[$__rate_interval])))',
                    "50 % {{service}}",
                ),
            ),
        ),
    ),
)
CONSUMER: Final = Row(
    "Taking events in",
    (
        Panel(
            "Lag",
            "For how long the oldest record that is not taken in has waited. Above five minutes an alert fires.",
            "s",
            (
                Line(
                    f"max by (service, topic) ({_P}_consumer_lag_seconds{{$SEL}})",
                    "{{service}} {{topic}}",
                ),
            ),
        ),
        Panel(
            "Records that wait",
            "How many records are not taken in yet. Many that move are no trouble; look at the age beside.",
            "short",
            (
                Line(
                    f"sum by (service, topic) ({_P}_consumer_lag_messages{{$SEL}})",
                    "{{service}} {{topic}}",
                ),
            ),
        ),
        Panel(
            "From fact to effect",
            "Age of events when they took effect, 95 of a hundred, by the programme's clock. The objective is a minute.",
            "s",
            (slowest(f"{_P}_event_age_seconds"),),
        ),
        Panel(
            "Events by outcome",
            "ok took effect; duplicate had been taken in before; skipped is not for this service; parked could not be taken in.",
            "cps",
            (
                Line(
                    f"sum by (service, outcome) (rate({_P}_events_processed_total{{$SEL}}[$__rate_interval]))",
                    "{{service}} {{outcome}}",
                ),
            ),
        ),
        Panel(
            "Time per batch",
            "How long taking in a batch takes, retries included, 95 of a hundred.",
            "s",
            (slowest(f"{_P}_consumer_batch_duration_seconds"),),
        ),
        Panel(
            "Partitions and rebalances",
            "Partitions held by each replica, and how often the group shared them out anew within the last quarter of an hour.",
            "short",
            (
                Line(
                    f"sum by (service, instance) ({_P}_consumer_assigned_partitions{{$SEL}})",
                    "held by {{instance}}",
                ),
                Line(
                    f"max by (service) (increase({_P}_consumer_rebalances_total{{$SEL}}[15m]))",
                    "rebalances {{service}}",
                ),
            ),
        ),
    ),
)
OUTBOX: Final = Row(
    "Publishing",
    (
        Panel(
            "Oldest event in the outbox",
            "How long the oldest event that Kafka has not acknowledged has waited. The objective is ten seconds.",
            "s",
            (Line(f"max by (service) ({_P}_outbox_oldest_age_seconds{{$SEL}})", "{{service}}"),),
        ),
        Panel(
            "Outbox",
            "Events that wait to be published, counted to 100,000, and rows that Kafka refuses with those behind them.",
            "short",
            (
                Line(f"max by (service) ({_P}_outbox_pending{{$SEL}})", "waiting {{service}}"),
                Line(f"max by (service) ({_P}_outbox_dead_rows{{$SEL}})", "refused {{service}}"),
            ),
        ),
        Panel(
            "Published",
            "Events per second that Kafka acknowledged.",
            "cps",
            (
                Line(
                    f"sum by (service) (rate({_P}_relay_rows_total{{$SEL}}[$__rate_interval]))", "{{service}}"
                ),
            ),
        ),
    ),
)
PARKED: Final = Row(
    "Parked events and jobs",
    (
        Panel(
            "Oldest parked event",
            "For how long the oldest parked event has been there. Somebody's case stands still as long.",
            "s",
            (Line(f"max by (service) ({_P}_parked_oldest_age_seconds{{$SEL}})", "{{service}}"),),
        ),
        Panel(
            "Parked events",
            "How many events are parked, those behind a parked one of their key included.",
            "short",
            (Line(f"max by (service) ({_P}_parked_records{{$SEL}})", "{{service}}"),),
        ),
        Panel(
            "Overdue jobs",
            "For how long something that the clock brings has been due. A solver run counts from when it was asked for.",
            "s",
            (Line(f"max by (service, name) ({_P}_job_overdue_seconds{{$SEL}})", "{{service}} {{name}}"),),
        ),
    ),
)
PROCESSES: Final = Row(
    "Processes",
    (
        Panel(
            "Memory",
            "Resident memory of each process.",
            "bytes",
            (
                Line(
                    "max by (service, room, instance) (process_resident_memory_bytes{$SEL})",
                    "{{room}} {{instance}}",
                ),
            ),
        ),
        Panel(
            "Processor time",
            "Seconds of processor time per second.",
            "short",
            (
                Line(
                    "sum by (service, room, instance) (rate(process_cpu_seconds_total{$SEL}[$__rate_interval]))",
                    "{{room}} {{instance}}",
                ),
            ),
        ),
        Panel(
            "Connections to the database",
            "The busiest replica's share of the connections that it may open.",
            "percentunit",
            (
                Line(
                    f"max by (service, room) ({_P}_db_pool_in_use{{$SEL}} / {_P}_db_pool_limit{{$SEL}})",
                    "{{service}} {{room}}",
                ),
            ),
        ),
    ),
)
OBJECTIVES: Final = Row(
    "Objectives, over the last thirty days",
    (
        Panel(
            "Requests that failed",
            "The share of requests that failed. One in a thousand is allowed.",
            "percentunit",
            (Line('max by (service) (slo:error_ratio:rate30d{$BY, slo="availability"})', "{{service}}"),),
            kind="stat",
        ),
        Panel(
            "Slow answers",
            "The share of answers that took more than half a second. One in twenty is allowed.",
            "percentunit",
            (Line('max by (service) (slo:error_ratio:rate30d{$BY, slo="latency"})', "{{service}}"),),
            kind="stat",
        ),
        Panel(
            "Late events",
            "The share of events that took more than a minute from fact to effect. One in a hundred is allowed.",
            "percentunit",
            (Line('max by (service) (slo:error_ratio:rate30d{$BY, slo="event_age"})', "{{service}}"),),
            kind="stat",
        ),
    ),
)
