"""A subscriber installs this package alone: it needs pydantic and nothing else, and ten lines to listen."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from ipraktik_contracts.envelope import encode
from ipraktik_contracts.examples import example_envelopes
from ipraktik_contracts.publish import ROOT
from ipraktik_contracts.topics import PLACEMENTS
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.topics import create_topics

PYDANTIC_AND_WHAT_IT_NEEDS = {
    "annotated_types",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
    "typing_inspection",
}

_WALK = """
import sys
package, example = sys.argv[1:]
sys.path.insert(0, package)
before = set(sys.modules)
import importlib, json, pkgutil
import ipraktik_contracts
rooms = ("ipraktik_contracts.cli", "ipraktik_contracts.publishing.site")  # of the extras `cli` and `docs`
def walk(package):
    for one in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        if one.name not in rooms:
            module = importlib.import_module(one.name)
            if one.ispkg:
                walk(module)
walk(ipraktik_contracts)
record = json.load(open(example, encoding="utf-8"))
headers = [(name, text.encode()) for name, text in record["headers"].items()]
event = ipraktik_contracts.decode(headers, json.dumps(record["body"]).encode())
print(json.dumps({
    "event": type(event.data).__name__,
    "from": ipraktik_contracts.__file__,
    "modules": sorted({name.partition(".")[0] for name in set(sys.modules) - before}),
}))
"""


def test_the_package_without_its_extras_imports_and_decodes_with_pydantic_alone(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "ipraktik_contracts",
        tmp_path / "ipraktik_contracts",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    ended = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            _WALK,
            str(tmp_path),
            str(ROOT / "examples" / "AgreementSigned.v1.json"),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    said = json.loads(ended.stdout)
    assert said["event"] == "AgreementSigned"
    assert said["from"].startswith(str(tmp_path))
    foreign = {
        name
        for name in said["modules"]
        if name not in sys.stdlib_module_names
        and not name.startswith(("_sysconfigdata", "ipraktik_contracts"))
    }
    assert foreign <= PYDANTIC_AND_WHAT_IT_NEEDS


def test_a_fresh_environment_gets_pydantic_and_nothing_else(tmp_path: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    source = tmp_path / "contracts"
    leave = shutil.ignore_patterns(
        "__pycache__", "released", "site", "kit", "node_modules", "build", "*.egg-info"
    )
    shutil.copytree(ROOT, source, ignore=leave)
    room = tmp_path / "room"
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, room],
        [uv, "pip", "install", "--quiet", "--python", room, source],
    ):
        ended = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, timeout=100, check=False
        )
        assert ended.returncode == 0, ended.stderr
    listed = subprocess.run(
        [uv, "pip", "list", "--format=json", "--python", room],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    names = {one["name"].replace("-", "_") for one in json.loads(listed.stdout)}
    assert names == PYDANTIC_AND_WHAT_IT_NEEDS | {"ipraktik_contracts"}
    asked = subprocess.run(
        [
            room / "bin" / "python",
            "-c",
            "import ipraktik_contracts as c; print(c.decode, c.encode, len(c.TOPICS))",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        check=True,
    )
    assert asked.stdout.strip().endswith("5")


def test_the_package_asks_for_pydantic_alone() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert [re.split(r"[<>=~! ]", one)[0] for one in project["dependencies"]] == ["pydantic"]


def listener_of_the_readme(topic: str) -> Callable[..., Any]:
    """The README's `listen`, on a topic of the test's own."""
    [code] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert f'topic = "{PLACEMENTS.name}"' in code
    room: dict[str, Any] = {}
    exec(compile(textwrap.dedent(code).replace(PLACEMENTS.name, topic), "README.md", "exec"), room)  # noqa: S102 - our own README
    listen: Callable[..., Any] = room["listen"]
    return listen


async def test_the_readmes_lines_listen_to_a_real_topic(
    kafka: KafkaServer, topic_namespace: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await asyncio.to_thread(create_topics, kafka.bootstrap, topic_namespace)
    topic = PLACEMENTS.in_namespace(topic_namespace)
    records = [record for one in example_envelopes() if (record := encode(one)).topic == PLACEMENTS.name]
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        await producer.send_and_wait(topic, b"not an event", key=b"odd")
        for record in records:
            await producer.send_and_wait(topic, record.value, key=record.key, headers=list(record.headers))
    listening = asyncio.create_task(
        listener_of_the_readme(topic)(kafka.bootstrap, topic_namespace + "agency")
    )
    lines: list[str] = []
    try:
        async with asyncio.timeout(60):
            while len(lines) < len(records) + 1:
                assert not listening.done(), listening.exception()
                await asyncio.sleep(0.05)
                lines += capsys.readouterr().out.splitlines()
    finally:
        listening.cancel()
        await asyncio.wait({listening})
    assert sum("skipped" in line and "is missing" in line for line in lines) == 1
    names = {line.split()[1] for line in lines if "skipped" not in line}
    assert {"MatchProposed", "AgreementSigned", "InternshipCompleted"} <= names
