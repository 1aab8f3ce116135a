"""The dashboards: the rows that one service alone has, and which rows each page takes."""

from typing import Final

from ipraktik_local.watching.dashboards import Dashboard, Line, Panel, Row
from ipraktik_local.watching.panels import (
    CONSUMER,
    OBJECTIVES,
    OUTBOX,
    PARKED,
    PROCESSES,
    REQUESTS,
    slowest,
)

_RUNBOOKS: Final = "https://docs.innovationspraktik.example/docs/operations/README.md"
_REQUESTS: Final = "http_server_request_duration_seconds"
_P: Final = "innovationspraktik"


SOLVER: Final = Row(
    "The solver",
    (
        Panel(
            "Oldest run without a plan",
            "For how long a coordinator has waited.",
            "s",
            (Line(f"max by (service) ({_P}_solver_oldest_run_age_seconds{{$SEL}})", "oldest run"),),
        ),
        Panel(
            "Runs to do",
            "Runs that wait, and the one that is being solved.",
            "short",
            (Line(f"max by (state) ({_P}_solver_runs{{$SEL}})", "{{state}}"),),
        ),
        Panel(
            "Time to a plan",
            "From puzzle to plan, 95 of a hundred, by outcome.",
            "s",
            (
                Line(
                    f"histogram_quantile(0.95, sum by (outcome, le) (rate({_P}_solver_duration_seconds_bucket{{$SEL}}[1h])))",
                    "{{outcome}}",
                ),
            ),
        ),
    ),
)
MAILS: Final = Row(
    "Mails",
    (
        Panel(
            "Mails by outcome",
            "Attempts per second. deferred, in_doubt, cut_off and server_away go out again by themselves; refused and gave_up do not.",
            "cps",
            (Line(f"sum by (outcome) (rate({_P}_mails_total{{$SEL}}[$__rate_interval]))", "{{outcome}}"),),
        ),
        Panel(
            "Mails by kind",
            "Mails that the mail server took within the last hour, by kind.",
            "short",
            (Line(f'sum by (kind) (increase({_P}_mails_total{{$SEL, outcome="sent"}}[1h]))', "{{kind}}"),),
        ),
        Panel(
            "Oldest mail of each state",
            "waiting lacks a fact, held waits for a coordinator, pending could go, failed wants somebody to look.",
            "s",
            (Line(f"max by (state) ({_P}_mails_unsent_oldest_age_seconds{{$SEL}})", "{{state}}"),),
        ),
        Panel(
            "Mails that are not sent",
            "How many there are in each state.",
            "short",
            (Line(f"max by (state) ({_P}_mails_unsent{{$SEL}})", "{{state}}"),),
        ),
        Panel(
            "Delay of mails",
            "From the moment a mail could go to the server's yes, 95 of a hundred. The objective is five minutes.",
            "s",
            (slowest(f"{_P}_mail_delay_seconds"),),
        ),
        Panel(
            "Mail server",
            "Time that one mail takes, 95 of a hundred; and how often the server was away or left us in doubt within an hour.",
            "s",
            (
                slowest(f"{_P}_smtp_send_duration_seconds"),
                Line(f"sum by (service) (increase({_P}_mail_server_away_total{{$SEL}}[1h]))", "away"),
                Line(f"sum by (service) (increase({_P}_mails_resent_total{{$SEL}}[1h]))", "sent again"),
            ),
        ),
    ),
)
WEBHOOKS: Final = Row(
    "Webhooks of agencies",
    (
        Panel(
            "Behind",
            "Age of the oldest event that an agency's webhook has not taken.",
            "s",
            (Line(f"max by (agency, state) ({_P}_webhook_lag_seconds{{$SEL}})", "{{agency}} {{state}}"),),
            width=12,
        ),
        Panel(
            "Deliveries",
            "Attempts per second by outcome.",
            "cps",
            (
                Line(
                    f"sum by (agency, outcome) (rate({_P}_webhook_attempts_total{{$SEL}}[$__rate_interval]))",
                    "{{agency}} {{outcome}}",
                ),
            ),
            width=12,
        ),
    ),
)
_STEPS: Final = (
    ("Signed up", "ParticipantRegistered"),
    ("Proposed", "MatchProposed"),
    ("Both said yes", "MatchAccepted"),
    ("Agreement signed", "AgreementSigned"),
    ("Stay held", "InternshipCompleted"),
    ("Asked to evaluate", "EvaluationRequested"),
    ("Evaluated", "EvaluationSubmitted"),
    ("Report published", "ReportPublished"),
)
FLOW: Final = Row(
    "From form to report: events that notify has heard of, within the time that is shown",
    tuple(
        Panel(
            title,
            f"How many times {event} was heard: the way of the season, step by step.",
            "short",
            (
                Line(
                    f'sum(increase({_P}_events_processed_total{{namespace=~"$namespace", service="notify", job=~"$job", instance=~"$instance", '
                    f'event_type="{event}", outcome!="duplicate"}}[$__range]))',
                    title,
                ),
            ),
            kind="stat",
            width=3,
        )
        for title, event in _STEPS
    ),
)
AGES: Final = Row(
    "How old events are when they take effect",
    (
        Panel(
            "Age at effect",
            "Each column is what was taken in at that time; the higher, the older it was. A bright band that rises is a queue.",
            "s",
            (
                Line(
                    f"sum by (le) (increase({_P}_event_age_seconds_bucket{{$SEL}}[$__rate_interval]))",
                    "{{le}}",
                ),
            ),
            kind="heatmap",
            width=12,
        ),
        Panel(
            "Sign-ups taken",
            "Sign-ups that were answered with success, per hour, by route.",
            "short",
            (
                Line(
                    f'sum by (route) (increase({_REQUESTS}_count{{namespace=~"$namespace", service="registration", job=~"$job", instance=~"$instance", '
                    'method="POST", route=~"/api/v1/interns|/api/v1/hosts|/registration/sign-up/[^/]+/check", status_code=~"2..|3.."}[1h]))',
                    "{{route}}",
                ),
            ),
            width=12,
        ),
    ),
)
AGENCIES: Final = Row(
    "Agencies on Kafka: for information, nobody is called for these",
    (
        Panel(
            "Lag of agencies' groups",
            "Records that other agencies' consumers have not read; -1 is a group that has never committed and is left out.",
            "short",
            (
                Line(
                    'sum by (consumergroup) (kafka_consumergroup_lag{consumergroup=~"agency[.].+"} >= 0)',
                    "{{consumergroup}}",
                ),
            ),
            width=24,
        ),
    ),
)
_ALL: Final = ("registration", "matching", "notify", "evaluation")
_LINKS: Final = (("Runbooks", _RUNBOOKS),)
BOARDS: Final = (
    Dashboard(
        "event-flow",
        "Innovationspraktik: from form to report",
        "The way of a sign-up through all services: how far the season is, how old events are, where they wait.",
        _ALL,
        (FLOW, AGES, OUTBOX, CONSUMER, PARKED, AGENCIES),
        _LINKS,
    ),
    Dashboard(
        "service",
        "Innovationspraktik: any service",
        "Requests, events, jobs and processes of the services that are chosen above.",
        _ALL,
        (OBJECTIVES, REQUESTS, CONSUMER, OUTBOX, PARKED, PROCESSES),
        _LINKS,
    ),
    Dashboard(
        "registration",
        "Innovationspraktik: registration",
        "Sign-ups, people's pages and the coordinators' desk.",
        ("registration",),
        (OBJECTIVES, REQUESTS, OUTBOX, CONSUMER, PARKED, PROCESSES),
        _LINKS,
    ),
    Dashboard(
        "matching",
        "Innovationspraktik: matching",
        "The puzzle, proposals and agreements.",
        ("matching",),
        (OBJECTIVES, SOLVER, REQUESTS, CONSUMER, OUTBOX, PARKED, PROCESSES),
        _LINKS,
    ),
    Dashboard(
        "notify",
        "Innovationspraktik: notify",
        "Mails, reminders, the feed and the agencies' webhooks.",
        ("notify",),
        (OBJECTIVES, MAILS, CONSUMER, WEBHOOKS, REQUESTS, PARKED, PROCESSES),
        _LINKS,
    ),
    Dashboard(
        "evaluation",
        "Innovationspraktik: evaluation",
        "Questions, answers and reports.",
        ("evaluation",),
        (OBJECTIVES, REQUESTS, CONSUMER, OUTBOX, PARKED, PROCESSES),
        _LINKS,
    ),
)
