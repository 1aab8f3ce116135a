"""Logs: one JSON object a line on standard error, with ids and places, and never the words of an error."""

import ast
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import aiokafka

from ipraktik_chassis import logs
from ipraktik_chassis.cause import because_of, new_cause

Lines = Callable[[], list[dict[str, Any]]]


@contextmanager
def configured(level: str = "INFO") -> Iterator[Lines]:
    """Logs as a process has them, read back line by line. Afterwards everything is as it was."""
    root = logging.getLogger()
    handlers, before = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logging.root.manager.loggerDict}
    root.handlers[:] = []  # the test runner's own would be closed
    written = io.StringIO()
    with redirect_stderr(written):
        logs.configure(service="tally", level=level)
    try:
        yield lambda: [json.loads(line) for line in written.getvalue().split("\n") if line]
    finally:
        root.handlers[:] = handlers
        root.setLevel(before)
        for name, known in levels.items():
            logging.getLogger(name).setLevel(known)


def test_a_line_is_one_json_object_with_level_logger_service_and_time() -> None:
    with configured() as lines:
        logging.getLogger("somewhere").warning("%d things", 3, extra={"topic": "t"})
    (line,) = lines()
    assert line.pop("timestamp")
    assert line == {
        "level": "WARNING",
        "logger": "somewhere",
        "message": "3 things",
        "topic": "t",
        "service": "tally",
    }


def test_a_line_break_in_a_message_makes_no_second_line() -> None:
    with configured() as lines:
        logging.getLogger("somewhere").warning("one\ntwo \u2028 æøå")
    (line,) = lines()
    assert line["message"] == "one\ntwo \u2028 æøå"


def test_an_exception_is_told_by_type_and_place_alone() -> None:
    def deep() -> None:
        raise ValueError("MARKER of what came in")

    with configured() as lines:
        try:
            try:
                deep()
            except ValueError as error:
                raise RuntimeError("MARKER again") from error
        except RuntimeError:
            logging.getLogger("somewhere").exception("it failed")
    (line,) = lines()
    assert "MARKER" not in json.dumps(line)
    assert line["exc_info"].startswith("RuntimeError at ")
    assert "test_logs.py" in line["exc_info"]


def test_a_line_names_the_cause_of_what_runs() -> None:
    cause = new_cause(correlation_id="sign-up-7")
    with configured() as lines:
        with because_of(cause):
            logging.getLogger("somewhere").info("inside")
        logging.getLogger("somewhere").info("outside")
    inside, outside = lines()
    assert (inside["correlation_id"], inside["traceparent"]) == ("sign-up-7", cause.traceparent)
    assert "correlation_id" not in outside


def test_libraries_that_chat_are_heard_only_when_they_warn() -> None:
    with configured() as lines:
        for name in ("aiokafka", "uvicorn.access", "uvicorn.error", "httpx"):
            logging.getLogger(name).info("chatter")
            logging.getLogger(name).warning("trouble")
    assert [line["message"] for line in lines()] == ["trouble"] * 4


def test_chatter_is_heard_where_it_is_asked_for() -> None:
    with configured("DEBUG") as lines:
        logging.getLogger("somewhere").debug("detail")
    assert [line["message"] for line in lines()] == ["detail"]


def errors_of_the_kafka_client() -> set[str]:
    """The texts of all its lines of level ERROR, as they stand in its code."""
    found = set()
    for path in Path(str(aiokafka.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "log.error":
                found.add(ast.literal_eval(node.args[0]))
    return found


def test_what_the_kafka_client_mends_by_itself_is_a_warning_and_the_rest_stays_an_error() -> None:
    said_by_it = errors_of_the_kafka_client()
    assert said_by_it >= logs.MENDED_BY_ITSELF, "the client words it otherwise now; see what it means"
    left = said_by_it - logs.MENDED_BY_ITSELF
    assert "Topic %s is not authorized for this client" in left
    with configured() as lines:
        for level, texts in (("WARNING", logs.MENDED_BY_ITSELF), ("ERROR", left)):
            for text in sorted(texts):
                parts = ["x"] * len(re.findall("%[sdr]", text.replace("%d", "%s")))
                logging.getLogger("aiokafka.somewhere").error(text.replace("%d", "%s"), *parts)
            assert {line["level"] for line in lines()[-len(texts) :]} == {level}
        logging.getLogger("elsewhere").error("LeaveGroup request failed: %s", "x")
    assert lines()[-1]["level"] == "ERROR"


def test_a_line_that_the_kafka_client_repeats_endlessly_is_written_once_in_a_while_with_its_count() -> None:
    client, others = logging.getLogger("aiokafka.cluster"), logging.getLogger("somewhere")
    with configured() as lines:
        for _ in range(1000):
            client.error("Topic %s is not authorized for this client", "a.v1")
            client.error("Topic %s is not authorized for this client", "b.v1")
        for _ in range(3):
            others.error("Topic %s is not authorized for this client", "a.v1")
        later = logging.makeLogRecord(
            {
                "name": client.name,
                "levelno": logging.ERROR,
                "msg": "Topic a.v1 is not authorized for this client",
            }
        )
        later.created += logs.REPEAT_SECONDS + 1
        client.handle(later)
    said = lines()
    assert [line["logger"] for line in said] == [client.name] * 2 + ["somewhere"] * 3 + [client.name]
    assert said[-1]["repeated"] == 999


def test_a_kafka_client_that_says_ever_new_things_fills_no_memory() -> None:
    client = logging.getLogger("aiokafka.conn")
    with configured() as lines:
        for number in range(1000):
            client.warning("connection %d is gone", number)
        (held,) = [one for one in logging.root.handlers[0].filters if hasattr(one, "_seen")]
        assert len(held._seen) <= 200
    assert len(lines()) == 1000
