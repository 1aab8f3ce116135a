"""docs/operating.md says what is so: settings, commands, metrics, kinds and reasons, statements, files and links."""

import inspect
import re
import runpy
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from deploy.images.compose import NAMES, service
from deploy.images.recipe import ROOT
from prometheus_client import CollectorRegistry
from rig import Databases

from ipraktik_chassis import intake, outbox_dead, process, relay, sending
from ipraktik_chassis.metrics import ConsumerMetrics, HttpMetrics, JobMetrics, OutboxMetrics
from ipraktik_chassis.relay_metrics import RelayMetrics
from ipraktik_contracts.topics import BY_NAME
from ipraktik_notify.metrics import MailMetrics, WebhookMetrics
from ipraktik_notify.usecases import send_due_mails

PAGE = ROOT / "docs" / "operating.md"
TEXT = PAGE.read_text("utf-8")
PAGES = (PAGE, ROOT / "deploy" / "README.md")
settings_table = runpy.run_path(str(ROOT / "deploy" / "settings_table.py"))


def section(title: str) -> str:
    """What stands under a heading, to the next of any rank."""
    return re.split(rf"^#+ {re.escape(title)}$", TEXT, maxsplit=1, flags=re.MULTILINE)[1].partition("\n#")[0]


def first_column(text: str) -> list[str]:
    """The names in code in the first column of the tables of a text."""
    return [
        name
        for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", row)
    ]


def test_the_table_of_settings_is_current() -> None:
    current = settings_table["page_with"](settings_table["table"](), page=TEXT)

    assert current == TEXT, "run .venv/bin/python deploy/settings_table.py"


def test_nothing_is_explained_beside_a_setting_that_explains_itself() -> None:
    fields = {name: field for one in NAMES for name, field in service(one).settings.model_fields.items()}

    assert [name for name in settings_table["SAID_HERE"] if fields[name].description] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_is_one_that_the_services_know(page: Any) -> None:
    own = {f"ipraktik_{name}": set(service(name).commands) for name in NAMES} | {"ipraktik_<service>": set()}
    chassis = set(
        re.findall(r'"(\w+)"', re.findall(r"choices=\[(.*?)\*", inspect.getsource(process.main))[0])
    )
    said = re.findall(r"(?:python -m |:[\d.]+ )(ipraktik_[\w<>]+) ([\w-]+)", page.read_text("utf-8"))

    assert chassis >= {"serve", "work", "run", "migrate", "parked", "listens"}
    assert said
    assert [pair for pair in said if pair[1] not in chassis | own[pair[0]] | {"--help"}] == []


def test_every_metric_is_one_that_is_shown() -> None:
    registry = CollectorRegistry()
    for metrics in (
        ConsumerMetrics,
        OutboxMetrics,
        HttpMetrics,
        JobMetrics,
        RelayMetrics,
        MailMetrics,
        WebhookMetrics,
    ):
        metrics(registry)
    shown = set(shown_names(registry))
    said = set(re.findall(r"\b((?:innovationspraktik|http_server)_[a-z_]+)", TEXT))

    assert len(said) > 12
    assert said - shown == set()


def shown_names(registry: CollectorRegistry) -> Iterator[str]:
    for family in registry.collect():
        suffixes = {"counter": ("_total",), "histogram": ("", "_count", "_bucket", "_sum")}.get(
            family.type, ("",)
        )
        yield from (family.name + suffix for suffix in suffixes)


def test_kinds_and_reasons_are_those_of_the_code() -> None:
    parked = first_column(section("Records are parked"))
    assert set(parked) == set(re.findall(r'kind="(\w+)"', inspect.getsource(intake)))

    relayed = first_column(section("The outbox grows"))
    code = inspect.getsource(relay) + inspect.getsource(sending)
    assert [reason for reason in relayed if f'"{reason}"' not in code] == []

    failing = first_column(section("Mails fail or are in doubt"))
    sources = inspect.getsource(send_due_mails) + (
        ROOT / "services/notify/ipraktik_notify/mailing/smtp.py"
    ).read_text("utf-8")
    assert [reason for reason in failing if f'reason="{reason}"' not in sources] == []
    assert set(failing) >= set(re.findall(r'"failed".*?reason="(\w+)"', sources))

    dead = re.findall(r"`(\w+)`", section("Kafka refuses a row").partition(")")[0])
    assert set(dead) == {sending.TOO_LARGE, sending.INVALID_TOPIC}
    assert outbox_dead.BEHIND not in dead


def test_every_topic_is_declared() -> None:
    said = re.findall(r"innovationspraktik\.[a-z]+\.(?:[a-z]+\.)?v\d", TEXT)

    assert said
    assert [topic for topic in said if topic not in BY_NAME] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_heading_that_is_pointed_to_is_there(page: Any) -> None:
    text = page.read_text("utf-8")
    headings = {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for link in re.findall(r"\]\(([^)]+)\)", text):
        path, _, anchor = link.partition("#")
        assert not path or (page.parent / path).exists(), link
        assert not anchor or anchor in headings, link
    for path in re.findall(r"(?:^|[ <`])((?:deploy|contracts)/[\w./-]+\w)", text):
        assert (ROOT / path).exists(), path


async def test_statements_are_ones_that_the_running_role_may_make(postgres: Any) -> None:
    statements = re.findall(r"```sql\n(.*?)```", TEXT, re.DOTALL)
    url, _ = await Databases(postgres).fresh(service("notify"))
    conn = await asyncpg.connect(url)
    try:
        assert statements
        for statement in statements:
            await conn.execute(f"explain {statement.replace('$1', 'null')}")
    finally:
        await conn.close()
