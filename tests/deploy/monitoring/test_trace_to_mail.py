"""One trace from the form to the mail: across HTTP, outbox, Kafka, notify and the mail server, in processes as they are deployed."""

import secrets
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.test_tracing import collector
from chassis.waiting import until
from registration.desk import edition, intern
from rig import START

from ipraktik_local.kafka import KafkaServer
from ipraktik_local.mail import MailSink
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.stack import Stack

SERVICES = ("registration", "notify")


def spans_of(received: list[dict[str, Any]], trace: str) -> dict[str, list[dict[str, Any]]]:
    """The spans of one trace that the collector was sent, by the process that sent them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in received:
        for resource in one["body"]["resourceSpans"]:
            told = {pair["key"]: pair["value"]["stringValue"] for pair in resource["resource"]["attributes"]}
            for scope in resource["scopeSpans"]:
                mine = [span for span in scope["spans"] if span["traceId"] == trace]
                found.setdefault(told["service.name"], []).extend(mine)
    return found


@pytest.mark.long
async def test_a_sign_up_is_one_trace_from_the_form_to_the_mail(
    home: Path, kafka: KafkaServer, postgres: PostgresServer, mail_sink: MailSink, topic_namespace: str
) -> None:
    databases = {
        service: postgres.create_service_database(f"trace_{service}_{secrets.token_hex(3)}")
        for service in SERVICES
    }
    given = {"KAFKA_BOOTSTRAP": kafka.bootstrap, "SMTP_URL": mail_sink.smtp_url}
    for service, database in databases.items():
        given |= {
            f"DATABASE_URL_{service.upper()}": database.url,
            f"MIGRATION_DATABASE_URL_{service.upper()}": database.migration_url,
        }
    address = f"{secrets.token_hex(6)}@example.org"
    trace, caller = secrets.token_hex(16), secrets.token_hex(8)
    with (
        collector() as (url, received),
        Stack(
            home,
            services=SERVICES,
            topic_namespace=topic_namespace,
            settings={"OTEL_EXPORTER_OTLP_ENDPOINT": url},
            given=given,
            simulated_from=START,
        ) as stack,
    ):
        bearer = {"authorization": f"Bearer {stack.env['COORDINATOR_TOKEN']}"}
        async with httpx.AsyncClient(base_url=stack.env["REGISTRATION_URL"], timeout=30) as client:
            opened = await client.post(
                "/registration/api/v1/editions",
                json=edition(),
                headers=bearer | {"idempotency-key": str(uuid.uuid4())},
            )
            assert opened.status_code == 201, opened.text
            body = intern(edition_id=opened.json()["edition_id"], email=address)
            taken = await client.post(
                "/api/v1/interns",
                json=body,
                headers={"idempotency-key": str(uuid.uuid4()), "traceparent": f"00-{trace}-{caller}-01"},
            )
            assert taken.status_code == 201, taken.text
        await until(lambda: mail_sink.mails(to=address), what="the mail is there", within=60)

        def sent() -> bool:
            return any(
                span["name"] == "SMTP send" for span in spans_of(received, trace).get("notify-work", [])
            )

        await until(sent, what="the span of the mail is there", within=20)
    by_process = spans_of(received, trace)
    names = {process: {span["name"] for span in spans} for process, spans in by_process.items()}
    assert {"POST /api/v1/interns", "commit outbox"} <= names["registration-serve"]
    requests = f"{topic_namespace}innovationspraktik.internal.requests.v1"
    assert f"send {requests}" in names["registration-work"]
    assert {"process ConfirmationRequested", "process ContactChanged", "SMTP send"} <= names["notify-work"]

    spans = {span["spanId"]: span for found in by_process.values() for span in found}
    form = next(span for span in spans.values() if span["name"] == "POST /api/v1/interns")
    mail = next(span for span in spans.values() if span["name"] == "SMTP send")
    asked = spans[mail["parentSpanId"]]
    assert form["parentSpanId"] == caller
    assert asked["name"] == "process ConfirmationRequested"
    assert asked["parentSpanId"] == form["spanId"]
    assert int(form["startTimeUnixNano"]) < int(asked["startTimeUnixNano"]) < int(mail["startTimeUnixNano"])
    assert all(span.get("parentSpanId") in {*spans, caller} for span in spans.values()), "one tree"

    everything = repr(received)
    assert address not in everything
    assert body["name"] not in everything
