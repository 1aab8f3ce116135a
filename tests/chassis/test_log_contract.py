"""docs/operations/log-contract.md says what is so: held against what processes write, and against every line that could be."""

import ast
import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from chassis.facts import contact
from chassis.listening import fault
from chassis.processes import NOWHERE, TallyProcess
from chassis.test_logs import configured
from rig import Rig

ROOT: Final = Path(__file__).resolve().parents[2]
TEXT: Final = (ROOT / "docs" / "operations" / "log-contract.md").read_text("utf-8")
PERSONAL: Final = re.compile(r"name$|mail$|address|phone|text|body|token|password|headers|cookie|query")


def promised() -> dict[str, bool]:
    """The fields of the page, and whether every line has them."""
    rows = re.findall(r"^\| (`[^|]+`) \| ([^|]*?) \|", TEXT, re.MULTILINE)
    return {name: when == "yes" for names, when in rows for name in re.findall(r"`([^`]+)`", names)}


def held_to(line: dict[str, Any]) -> None:
    """One line has what it must, nothing that is not promised, and a time that a program can read."""
    fields = promised()
    assert {name for name, always in fields.items() if always} <= set(line), line
    assert set(line) <= set(fields), line
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)
    assert line["level"] in ("DEBUG", "INFO", "WARNING", "ERROR")


def extras() -> Iterator[tuple[str, str]]:
    """Every field that a line of the services' code adds, and where."""
    for path in (ROOT / "services").glob("*/ipraktik_*/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _SPEAKING:
                for keyword in node.keywords:
                    if keyword.arg == "extra" and isinstance(keyword.value, ast.Dict):
                        for key in keyword.value.keys:
                            assert isinstance(key, ast.Constant), (
                                f"{path}: a field is named in the code, not computed"
                            )
                            yield str(key.value), path.name


_SPEAKING: Final = {"debug", "info", "warning", "error", "exception", "log"}


def test_what_lines_add_is_promised_and_nothing_personal() -> None:
    found = set(extras())
    assert found
    added = {name for name, _ in found}
    assert added <= set(promised())
    assert {name for name in added if PERSONAL.search(name)} == set()
    ours = {
        "timestamp",
        "level",
        "service",
        "logger",
        "message",
        "correlation_id",
        "traceparent",
        "exc_info",
        "repeated",
    }
    the_kafka_librarys = {"group_id", "message_id"}
    assert set(promised()) == added | ours | the_kafka_librarys, (
        "a promise that nothing keeps, or a field that is not promised"
    )


async def test_what_an_act_brings_about_names_its_cause_and_no_person(tally: Rig) -> None:
    bad = uuid.uuid4()
    await fault(tally, bad)
    with configured() as lines:
        await tally.intake.take([tally.record(tally.envelope(contact(bad, name="MARKER Hansen")))])
    said = lines()
    assert said
    for line in said:
        held_to(line)
    assert "MARKER" not in json.dumps(said)
    assert {line["message"] for line in said} == {"a record's handler failed", "parked a record"}


async def test_a_process_writes_lines_of_this_kind_and_no_other(tally: Rig, tmp_path: Path) -> None:
    with TallyProcess(tmp_path, "serve", DATABASE_URL=tally.database_url, KAFKA_BOOTSTRAP=NOWHERE) as process:
        await process.ready()
        trace = f"00-{uuid.uuid4().hex}-{uuid.uuid4().hex[:16]}-01"
        async with httpx.AsyncClient(base_url=process.http) as client:
            answer = await client.get("/tally/broken?words=MARKER", headers={"traceparent": trace})
        assert answer.status_code == 500
        process.terminate()
        process.wait()
        lines = process.lines()
    failed = [line for line in lines if line["message"] == "a request failed"]
    assert len(failed) == 1
    assert failed[0]["traceparent"].split("-")[1] == trace.split("-")[1], "a caller's trace goes on"
    assert failed[0]["correlation_id"]
    assert failed[0]["exc_info"].startswith("Broken at ")
    for line in lines:
        held_to(line)
    assert "MARKER" not in process.log.read_text("utf-8")
