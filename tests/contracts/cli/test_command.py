"""The command without a broker: help, files, exit statuses, and one sentence where something cannot be tried."""

import hashlib
import importlib
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from contracts.cli.running import CONTRACTS, KAFKA_NAMES, command, environment, run, said
from contracts.cli.streams import plays, proof, records_of, stream

from ipraktik_contracts.cli.app import app
from ipraktik_contracts.cli.jsonlines import line_of
from ipraktik_contracts.cli.lives.hostile import Hostility
from ipraktik_contracts.cli.reading import still_heard
from ipraktik_contracts.cli.refusal import CannotDo

COMMANDS = ["tail", "verify", "state", "sandbox", "check", "replay"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A whole edition as JSON lines."""
    path = tmp_path / "edition.jsonl"
    path.write_bytes(b"".join(line_of(record) + b"\n" for record in stream(1, Hostility())))
    return path


def a_closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{taken.getsockname()[1]}"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_is_its_documentation(name: str) -> None:
    ended = run(name, "--help")
    text = ended.stdout.decode()
    assert ended.returncode == 0, said(ended)
    assert "Exit status" in text
    assert "--namespace" in text
    assert len(text.splitlines()) > 20


def test_the_help_says_how_to_log_in() -> None:
    text = run("--help").stdout.decode()
    for name in (
        "KAFKA_BOOTSTRAP",
        "KAFKA_USERNAME",
        "KAFKA_PASSWORD_FILE",
        "KAFKA_CA_FILE",
        "TOPIC_NAMESPACE",
    ):
        assert name in text
    for name in COMMANDS:
        assert f" {name} " in text


def test_a_file_is_proved(file: Path) -> None:
    ended = run("verify", str(file))
    lines = ended.stdout.decode().splitlines()
    assert ended.returncode == 0, said(ended)
    assert lines[-1] == "PROVED"
    expected = proof(stream(1, Hostility()))
    assert f"hash: state {expected.state_hash}" in lines
    assert f"hash: events {expected.events_hash}" in lines
    assert b"\x1b" not in ended.stdout + ended.stderr


def test_standard_input_is_proved_like_a_file(file: Path) -> None:
    ended = run("verify", "-", "--json", given=file.read_bytes())
    found = json.loads(ended.stdout)
    assert ended.returncode == 0, said(ended)
    assert found["proved"] is True
    assert set(found["rules"].values()) == {0}


def test_a_file_with_a_gap_is_not_proved_and_the_place_is_named(file: Path) -> None:
    lines = file.read_bytes().splitlines()
    at = next(n for n, line in enumerate(lines) if b"AgreementDrafted" in line)
    later = [line for line in lines if json.loads(line)["id"] != json.loads(lines[at])["id"]]
    ended = run("verify", "-", given=b"\n".join(later))
    assert ended.returncode == 1
    assert b"broken  gap" in ended.stdout
    assert b"found: gap: innovationspraktik.placements.v1[" in ended.stdout
    assert ended.stdout.decode().splitlines()[-1] == "NOT PROVED: 1 finding"
    state = run("state", "-", given=b"\n".join(later))
    assert state.returncode == 1
    assert b"does not verify (1 finding)" in state.stderr


def test_the_canonical_lines_have_the_hash_that_is_printed(file: Path) -> None:
    lines = run("state", str(file), "--aggregate", "placement", "--canonical")
    assert lines.returncode == 0, said(lines)
    printed = hashlib.sha256(lines.stdout).hexdigest()
    assert printed == proof(stream(1, Hostility())).kind_hashes["placement"]
    table = run("state", str(file), "--aggregate", "placement").stdout.decode().splitlines()
    assert f"hash: placement {printed}" in table
    assert table[0] == "aggregate\tid\tedition\tstate\tlast number"
    assert sum(line.startswith("placement\t") for line in table) == len(lines.stdout.splitlines())


def test_the_state_as_json_is_one_object_a_line_and_a_summary(file: Path) -> None:
    *rows, summary = map(json.loads, run("state", str(file), "--json").stdout.splitlines())
    expected = proof(stream(1, Hostility()))
    assert summary["summary"]["hashes"]["state"] == expected.state_hash
    assert summary["summary"]["counts"] == expected.states
    assert len(rows) == sum(sum(states.values()) for states in expected.states.values())
    assert set(rows[0]) == {"aggregate", "id", "edition_id", "state", "last_sequence"}


def test_the_state_of_one_edition_leaves_the_others_out(tmp_path: Path) -> None:
    both = tmp_path / "both.jsonl"
    records = records_of([*plays(1), *plays(2)])
    both.write_bytes(b"".join(line_of(record) + b"\n" for record in records))
    assert run("verify", str(both)).returncode == 0
    edition = json.loads(line_of(stream(2)[0]))["data"]["edition_id"]
    *rows, summary = map(
        json.loads, run("state", str(both), "--edition", edition, "--json").stdout.splitlines()
    )
    assert {row["edition_id"] for row in rows} == {edition}
    assert summary["summary"]["hashes"]["state"] == proof(stream(2)).state_hash


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["verify"], "set KAFKA_BOOTSTRAP to host:port"),
        (["verify", "/nowhere/at/all"], "cannot be read: No such file"),
        (["verify", __file__], "line 1 is not JSON"),
        (["state", "-", "--aggregate", "person"], "There is no aggregate 'person'"),
        (["state", "-", "--canonical"], "name it with --aggregate"),
        (["tail", "--from", "yesterday", "--bootstrap", "a:1"], "is no beginning"),
        (["replay", ".", "--bootstrap", "a:1"], "is there already"),
        (["check", "--group", "g"], "--echo FILE or --echo-topic TOPIC"),
        (["check", "--group", "g", "--echo-topic", "t", "--run", "x"], "--run wants --echo"),
        (["check", "--group", "g", "--echo", "e", "--namespace", "", "--bootstrap", "a:1"], "never played into the real"),
        (["sandbox", "--bootstrap", "a:1", "--namespace", ""], "never played into the real"),
        (["sandbox", "--speed", "slow"], "give fast, real, or a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_tried_is_one_sentence(
    words: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(KAFKA_NAMES)]:
        monkeypatch.delenv(name)
    with pytest.raises(CannotDo) as refused:
        app(words)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "words", [["verify"], ["replay", "-"], ["sandbox"], ["check", "--group", "g", "--echo", "e"]]
)
def test_without_a_broker_the_sentence_says_what_to_check(words: list[str]) -> None:
    ended = run(*words, env=environment(KAFKA_BOOTSTRAP=a_closed_port()))
    assert ended.returncode == 2, said(ended)
    line = ended.stderr.decode().splitlines()[-1]
    assert line.startswith("ipraktik-events: ")
    assert "No Kafka answers at 127.0.0.1:" in line
    assert "check KAFKA_BOOTSTRAP" in line
    assert "Traceback" not in said(ended)


@pytest.mark.parametrize("words", [["verify", "--nope"], ["sandbox", "--participants", "0"]])
def test_a_wrong_word_has_status_2_too(words: list[str]) -> None:
    ended = run(*words)
    assert ended.returncode == 2
    assert "Traceback" not in said(ended)


def test_the_script_is_declared_and_the_bare_package_says_what_to_install(tmp_path: Path) -> None:
    project = tomllib.loads((CONTRACTS / "pyproject.toml").read_text("utf-8"))["project"]
    module, _, name = project["scripts"]["ipraktik-events"].partition(":")
    assert callable(getattr(importlib.import_module(module), name))
    blocked = f"import sys; sys.modules['typer'] = None; from {module} import {name}; sys.exit({name}([]))"
    ended = subprocess.run(
        [sys.executable, "-c", blocked], env=environment(), capture_output=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr == b"ipraktik-events needs the extra `cli`: pip install 'ipraktik-contracts[cli]'\n"


def test_a_reader_that_stops_reading_is_no_error(file: Path) -> None:
    shell = f"{sys.executable} -m ipraktik_contracts.cli state {file} --json | head -1"
    ended = subprocess.run(
        ["sh", "-c", shell], env=environment(), capture_output=True, timeout=60, check=False
    )
    assert json.loads(ended.stdout)["aggregate"]
    assert b"Traceback" not in ended.stderr


def test_on_a_terminal_the_state_is_a_table(file: Path) -> None:
    ours, theirs = pty.openpty()
    ended = subprocess.Popen(
        command("state", str(file)), env=environment(TERM="xterm"), stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 65536):
            shown += chunk
    except OSError:
        shown += b""  # how a terminal says that nobody writes to it any more
    finally:
        os.close(ours)
    assert ended.wait(30) == 0
    assert b"aggregate" in shown
    assert b"\t" not in shown
    assert b"Traceback" not in shown


def test_kafka_falling_silent_is_said_after_a_while() -> None:
    still_heard(time.monotonic())
    with pytest.raises(CannotDo, match="given no record for 30 s"):
        still_heard(time.monotonic() - 31)


def test_without_a_broker_and_without_one_to_start_the_sandbox_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in os.environ if name.startswith(KAFKA_NAMES)]:
        monkeypatch.delenv(name)
    monkeypatch.setitem(sys.modules, "ipraktik_local.kafka", None)
    with pytest.raises(CannotDo, match="ipraktik_local, which could start one, is not installed"):
        app(["sandbox"])


def test_an_interrupted_proof_is_no_proof() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        child = subprocess.Popen(
            command("verify"),
            env=environment(KAFKA_BOOTSTRAP=address),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        silent.settimeout(30)
        connection, _ = silent.accept()
        with connection:
            child.send_signal(signal.SIGINT)
            out, err = child.communicate(timeout=30)
    assert child.returncode == 130
    assert out == b""
    assert b"Traceback" not in err
