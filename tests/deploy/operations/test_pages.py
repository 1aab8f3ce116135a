"""docs/operations says what is so: settings, commands, metrics, kinds and reasons, statements, tables, readers, checks."""

import inspect
import json
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from faststream.kafka.subscriber.usecase import LogicSubscriber as KafkaSubscriber
from prometheus_client import CollectorRegistry
from rig import Databases

from ipraktik_chassis import intake, outbox_dead, relay, sending
from ipraktik_chassis.composition import imported
from ipraktik_chassis.doctor.command import examinations_of
from ipraktik_chassis.metrics import ConsumerMetrics, HttpMetrics, JobMetrics, OutboxMetrics
from ipraktik_chassis.process import COMMANDS
from ipraktik_chassis.relay_metrics import RelayMetrics
from ipraktik_chassis.service import Service
from ipraktik_contracts.rights import SERVICES
from ipraktik_contracts.topics import BY_NAME, TOPICS
from ipraktik_notify.metrics import MailMetrics, WebhookMetrics
from ipraktik_notify.usecases import send_due_mails

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "operations"
PAGES = {page.name: page.read_text("utf-8") for page in sorted(FOLDER.glob("*.md"))}
WHOLE = "\n".join(PAGES.values())
settings_table = runpy.run_path(str(ROOT / "deploy" / "settings_table.py"))


def service(name: str) -> Service:
    """One of the four."""
    found: Service = imported(f"ipraktik_{name}.main:SERVICE")
    return found


ALL = {name: service(name) for name in SERVICES}


def section(page: str, title: str) -> str:
    """What stands under a heading, to the next of any rank."""
    return re.split(rf"^#+ {re.escape(title)}$", PAGES[page], maxsplit=1, flags=re.MULTILINE)[1].partition(
        "\n#"
    )[0]


def first_column(text: str) -> list[str]:
    """The names in code in the first column of the tables of a text."""
    return [
        name
        for row in re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
        for name in re.findall(r"`([^`]+)`", row)
    ]


def test_the_index_leads_to_every_page() -> None:
    linked = set(re.findall(r"\]\(([\w-]+\.md)", PAGES["README.md"]))
    assert linked == set(PAGES) - {"README.md"}


def test_the_table_of_settings_is_current() -> None:
    page = PAGES["settings.md"]
    current = settings_table["page_with"](settings_table["table"](), page=page)
    assert current == page, "run .venv/bin/python deploy/settings_table.py"


def test_nothing_is_explained_beside_a_setting_that_explains_itself() -> None:
    fields = {name: field for one in ALL.values() for name, field in one.settings.model_fields.items()}
    assert [name for name in settings_table["SAID_HERE"] if fields[name].description] == []


def test_every_setting_that_a_page_names_is_one() -> None:
    known = {name.upper() for one in ALL.values() for name in one.settings.model_fields}
    known.add("AGENCY_QUOTA")  # of the contracts
    said = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`", WHOLE))
    assert len(said) > 20
    assert said - known == set()


def test_every_secret_has_its_row_among_those_to_change() -> None:
    fields = {name for one in ALL.values() for name in one.settings.model_fields}
    secrets = {name.removesuffix("_file") for name in fields if name.endswith("_file")} & fields
    keys = {name for name in fields if name.endswith(("key_file", "cert_file"))}
    rows = first_column(PAGES["secret-rotation.md"])
    assert secrets >= {"database_url", "smtp_url", "kafka_password"}
    assert {name.upper() for name in secrets | keys} - set(rows) == set()


@pytest.mark.parametrize("page", [*PAGES, "../../deploy/README.md"])
def test_every_command_is_one_that_the_services_know(page: str) -> None:
    own = {f"ipraktik_{name}": set(one.commands) for name, one in ALL.items()} | {
        "ipraktik_<service>": set(),
        "ipraktik_local": {"up", "in"},
        "ipraktik_manifests": {"write"},
    }
    text = (FOLDER / page).read_text("utf-8")
    said = re.findall(r"(?:python -m |:[\d.]+ )(ipraktik_[\w<>]+) ([\w-]+)", text)
    assert [pair for pair in said if pair[1] not in {*COMMANDS, *own[pair[0]], "--help"}] == []


def test_the_index_tells_every_command() -> None:
    assert set(re.findall(r"python -m ipraktik_<service> ([\w-]+)", PAGES["README.md"])) == set(COMMANDS)
    own = [(name, command) for name, one in ALL.items() for command in one.commands]
    assert len(own) > 2
    for name, command in own:
        assert f"python -m ipraktik_{name} {command}" in PAGES["README.md"]


def test_the_page_of_doctor_has_every_group_and_no_other() -> None:
    assert set(first_column(PAGES["doctor.md"])) == set(examinations_of(ALL["notify"]))
    alerts = "".join(page.read_text("utf-8") for page in (FOLDER / "alerts").glob("*.md"))
    for group in re.findall(r"--only ([a-z,]+)", WHOLE + alerts):
        assert set(group.split(",")) <= set(examinations_of(ALL["notify"])), group


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
    pages = "\n".join(text for name, text in PAGES.items() if name != "metrics.md")  # written from the code
    said = set(re.findall(r"\b((?:innovationspraktik|http_server)_[a-z_]+)", pages))
    assert len(said) > 12
    assert said - shown == set()


def shown_names(registry: CollectorRegistry) -> Iterator[str]:
    for family in registry.collect():
        suffixes = {"counter": ("_total",), "histogram": ("", "_count", "_bucket", "_sum")}.get(
            family.type, ("",)
        )
        yield from (family.name + suffix for suffix in suffixes)


def test_kinds_and_reasons_are_those_of_the_code() -> None:
    parked = first_column(PAGES["parked-events.md"])
    assert set(parked) == set(re.findall(r'kind="(\w+)"', inspect.getsource(intake)))

    relayed = first_column(section("outbox-stuck.md", "The outbox grows"))
    code = inspect.getsource(relay) + inspect.getsource(sending)
    assert relayed
    assert [reason for reason in relayed if f'"{reason}"' not in code] == []

    failing = first_column(section("mails.md", "Mails fail or are in doubt"))
    sources = inspect.getsource(send_due_mails) + (
        ROOT / "services/notify/ipraktik_notify/mailing/smtp.py"
    ).read_text("utf-8")
    assert [reason for reason in failing if f'reason="{reason}"' not in sources] == []
    assert set(failing) >= set(re.findall(r'"failed".*?reason="(\w+)"', sources))

    dead = re.findall(r"`(\w+)`", section("outbox-stuck.md", "Kafka refuses a row").partition(")")[0])
    assert set(dead) == {sending.TOO_LARGE, sending.INVALID_TOPIC}
    assert outbox_dead.BEHIND not in dead


def test_a_line_of_the_log_has_the_fields_of_the_contract() -> None:
    speaking = (
        "import logging\nfrom ipraktik_chassis import logs\n"
        "logs.configure(service='notify', level='INFO')\n"
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n"
        "    logging.getLogger('x').exception('said', extra={'records': 3})\n"
    )
    ended = subprocess.run([sys.executable, "-c", speaking], capture_output=True, text=True, check=True)
    line = json.loads(ended.stderr)
    said = PAGES["log-contract.md"]
    always = set(re.findall(r"^\| `(\w+)` \| yes \|", said, re.MULTILINE))
    assert always <= set(line)
    assert set(line) - always == {"exc_info", "records"}
    assert {"correlation_id", "traceparent", "exc_info"} <= set(first_column(said))
    assert "division" not in ended.stderr


def test_what_the_services_and_the_kafka_library_add_to_a_line_is_in_the_contract() -> None:
    ours = "".join(path.read_text("utf-8") for path in (ROOT / "services").glob("*/ipraktik_*/**/*.py"))
    added = {
        name
        for extra in re.findall(r"(?<!_)extra=\{([^}]*)\}", ours)
        for name in re.findall(r'"(\w+)":', extra)
    }
    library = KafkaSubscriber.build_log_context(None, "participants", "matching")
    assert {"records", "kind"} <= added
    assert (added | set(library)) - set(first_column(PAGES["log-contract.md"])) == set()


def test_every_topic_is_declared_and_the_sheet_says_who_reads_it() -> None:
    said = re.findall(r"innovationspraktik\.[a-z]+\.(?:[a-z]+\.)?v\d", WHOLE)
    assert said
    assert [topic for topic in said if topic not in BY_NAME] == []
    rows = dict(
        re.findall(
            r"^\| `(innovationspraktik[\w.]+)` \| .*? \| (.*?) \| ", PAGES["data-protection.md"], re.MULTILINE
        )
    )
    for topic in TOPICS:
        readers = {name for name, its in SERVICES.items() if topic in its.reads} | (
            {"agencies"} if topic.public else set()
        )
        assert set(rows[topic.name].split(", ")) == readers, topic.name


async def test_the_data_protection_sheet_names_every_table(postgres: Any) -> None:
    databases = Databases(postgres)
    said = set(re.findall(r"`([a-z_]+)`", PAGES["data-protection.md"]))
    for one in ALL.values():
        url, _ = await databases.fresh(one)
        conn = await asyncpg.connect(url)
        try:
            rows = await conn.fetch("select tablename from pg_tables where schemaname = 'public'")
        finally:
            await conn.close()
        missing = {row["tablename"] for row in rows} - said
        assert missing == set(), f"{one.name}: say in docs/operations/data-protection.md what these hold"


async def test_statements_are_ones_that_the_running_role_may_make(postgres: Any) -> None:
    statements = re.findall(r"```sql\n(.*?)```", WHOLE, re.DOTALL)
    url, _ = await Databases(postgres).fresh(ALL["notify"])
    conn = await asyncpg.connect(url)
    try:
        sizes = (ROOT / "deploy" / "by_hand" / "sizes.sql").read_text("utf-8")
        assert "mail" in {row["table"] for row in await conn.fetch(sizes)}
        assert statements
        for statement in statements:
            await conn.execute(f"explain {statement.replace('$1', 'null')}")
    finally:
        await conn.close()
