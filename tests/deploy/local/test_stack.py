"""The stack as a whole, with stand-ins for the services: what it starts, what it tells them, what it leaves behind."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from deploy.local.standing import FAKE, fake_command, gone, starts, until

from ipraktik_local.environment import COORDINATOR, read_env
from ipraktik_local.gateway import READY
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.mail import MailSink
from ipraktik_local.noted import note, observed, sweep
from ipraktik_local.postgres import PostgresServer, psql_program
from ipraktik_local.processes import ChildDidNotStart
from ipraktik_local.stack import Stack, StackIsUp
from ipraktik_local.topics import describe_topics


@pytest.fixture
def given(kafka: KafkaServer, postgres: PostgresServer, mail_sink: MailSink) -> dict[str, str]:
    """Servers that are there already, so that a stack is up in a second."""
    database = postgres.create_service_database("stack_proeve")
    names = [f"DATABASE_URL_{service}" for service in ("MATCHING", "NOTIFY")]
    return (
        dict.fromkeys(names, database.url)
        | {f"MIGRATION_{name}": database.migration_url for name in names}
        | {"KAFKA_BOOTSTRAP": kafka.bootstrap, "SMTP_URL": mail_sink.smtp_url}
    )


@pytest.fixture
def small(home: Path, records: Path, given: dict[str, str], topic_namespace: str) -> Stack:
    """Two services on given servers; not started."""
    return Stack(
        home,
        services=("matching", "notify"),
        topic_namespace=topic_namespace,
        settings={"RECORD_DIR": str(records)},
        given=given,
        command=fake_command,
    )


def test_everything_comes_up_is_told_its_surroundings_and_leaves_no_process(
    home: Path, tmp_path: Path, records: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2018-05-01T08:00:00+00:00")
    settings = {"RECORD_DIR": str(records)}
    with Stack(home, fast=True, clock_file=clock, settings=settings, command=fake_command) as stack:
        processes = stack.processes
        assert {process.name for process in processes} == {"kafka", "postgres", "mail", "gateway"} | {
            f"{service}-{room}"
            for service in ("registration", "matching", "notify", "evaluation")
            for room in ("serve", "work")
        }
        assert read_env(stack.env_file) == stack.env
        assert stack.env_file.stat().st_mode & 0o077 == 0
        assert stack.env["COORDINATOR_TOKEN"] == "a-token"
        assert len(describe_topics(stack.env["KAFKA_BOOTSTRAP"])) == 5
        (served,) = starts(records, "registration", "serve")
        (worked,) = starts(records, "notify", "work")
        (migrated,) = starts(records, "matching", "migrate")

    assert served["env"]["DATABASE_URL"] == stack.env["DATABASE_URL_REGISTRATION"]
    assert f"http://127.0.0.1:{served['env']['HTTP_PORT']}" == stack.env["REGISTRATION_URL"]
    assert {
        served["env"][f"{name}_PUBLIC_URL"] for name in ("REGISTRATION", "MATCHING", "NOTIFY", "EVALUATION")
    } == {stack.env["BASE_URL"]}
    assert stack.env["BASE_URL"] not in {stack.env["REGISTRATION_URL"], stack.env["MATCHING_URL"]}
    assert worked["env"]["COORDINATOR_ADDRESSES"] == stack.env["COORDINATOR_ADDRESSES"] == COORDINATOR
    assert served["env"]["CLOCK_FILE"] == str(clock)
    assert Path(served["env"]["LINK_PUBLIC_KEY_FILE"]).read_text().startswith("-----BEGIN PUBLIC KEY-----")
    assert worked["env"]["SMTP_URL"] == stack.env["SMTP_URL"]
    assert Path(worked["env"]["LINK_PRIVATE_KEY_FILE"]).stat().st_mode & 0o077 == 0
    assert migrated["env"]["MIGRATION_DATABASE_URL"] == stack.env["MIGRATION_DATABASE_URL_MATCHING"]
    for name in ("MIGRATION_DATABASE_URL", "LINK_PRIVATE_KEY_FILE", "SMTP_URL"):
        assert name not in served["env"]
    assert all(gone(process.pid) for process in processes)
    assert not stack.env_file.exists()


def test_a_process_that_dies_is_started_again_and_the_log_says_so(
    small: Stack, records: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with small as stack:
        before = {process.name: process.pid for process in stack.processes}
        stack.kill("matching", "work")
        until(lambda: len(starts(records, "matching", "work")) == 2)
        stack.wait_until_ready("matching", "work")
        after = {process.name: process for process in stack.processes}

    assert "matching-work ended (exit -9); starting it again" in caplog.text
    assert after["matching-work"].pid != before.pop("matching-work")
    assert after["matching-work"].restarts == 1
    assert {name: after[name].pid for name in before} == before


def test_a_process_that_was_stopped_on_purpose_stays_down_until_it_is_started(
    small: Stack, records: Path
) -> None:
    with small as stack:
        stack.stop_process("notify", "serve")
        stack.kill("notify", "work")
        until(lambda: len(starts(records, "notify", "work")) == 2)  # the watch has looked at both by now
        assert len(starts(records, "notify", "serve")) == 1

        stack.start_process("notify", "serve")

        assert len(starts(records, "notify", "serve")) == 2


def test_people_reach_the_services_at_one_address_also_after_the_gateway_died(small: Stack) -> None:
    with small as stack:
        base = stack.env["BASE_URL"]
        (gateway,) = (process for process in stack.processes if process.name == "gateway")
        stands_in = httpx.get(f"{base}/matching/board", trust_env=False)
        other = httpx.get(f"{base}/registration/hosts", trust_env=False)
        os.kill(gateway.pid, signal.SIGKILL)
        until(lambda: _ready(base))
        after = {process.name: process for process in stack.processes}

    assert gateway.ops_url is None, "it is no service, and nobody asks it whether it is quiet"
    assert (stands_in.status_code, other.status_code) == (503, 503)
    assert after["gateway"].pid != gateway.pid
    assert after["gateway"].restarts == 1
    assert not _ready(base)


def _ready(base: str) -> bool:
    try:
        return httpx.get(f"{base}{READY}", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def test_where_nothing_serves_there_is_no_gateway(
    home: Path, records: Path, given: dict[str, str], topic_namespace: str
) -> None:
    stack = Stack(
        home,
        services=("matching", "notify"),
        rooms=("work",),
        topic_namespace=topic_namespace,
        settings={"RECORD_DIR": str(records)},
        given=given,
        command=fake_command,
    )
    with stack:
        assert "BASE_URL" not in stack.env
        (worked,) = starts(records, "notify", "work")

    assert worked["env"]["MATCHING_PUBLIC_URL"] == stack.env["MATCHING_URL"]


def test_given_servers_are_used_and_left_running(
    small: Stack, kafka: KafkaServer, postgres: PostgresServer
) -> None:
    with small as stack:
        assert stack.env["KAFKA_BOOTSTRAP"] == kafka.bootstrap
        assert "MAIL_URL" not in stack.env
        assert not {"kafka", "postgres", "mail"} & {process.name for process in stack.processes}

    assert kafka.is_running
    assert postgres.is_running


def test_databases_given_by_half_are_refused_with_the_missing_names(
    tmp_path: Path, given: dict[str, str]
) -> None:
    del given["MIGRATION_DATABASE_URL_NOTIFY"]
    stack = Stack(tmp_path, services=("matching", "notify"), given=given, command=fake_command)

    with pytest.raises(ValueError, match="missing: MIGRATION_DATABASE_URL_NOTIFY"):
        stack.start()


@pytest.mark.parametrize("which", ["notify work", "matching migrate", "notify mint-coordinator"])
def test_a_start_that_fails_shows_why_and_leaves_nothing(
    home: Path, records: Path, given: dict[str, str], topic_namespace: str, which: str
) -> None:
    stack = Stack(
        home,
        services=("matching", "notify"),
        topic_namespace=topic_namespace,
        settings={"RECORD_DIR": str(records), "FAIL": which},
        given=given,
        command=fake_command,
    )

    with pytest.raises(ChildDidNotStart, match="this service was told to fail"):
        stack.start()

    assert all(gone(json.loads(file.read_text())["pid"]) for file in records.glob("*.json"))
    assert not stack.env_file.exists()


@pytest.mark.long
def test_a_stack_starts_anew_without_what_earlier_runs_left(home: Path, records: Path) -> None:
    begin = datetime(2018, 4, 9, 8, 0, tzinfo=UTC)
    settings = {"RECORD_DIR": str(records)}

    def note_in(stack: Stack) -> bool:
        """Was there a note already? There is one afterwards."""
        url = stack.env["MIGRATION_DATABASE_URL_MATCHING"]
        sql = (
            "create table if not exists note (id int); insert into note values (1); select count(*) from note"
        )
        asked = subprocess.run(
            [psql_program(), url, "-qtAc", sql], capture_output=True, text=True, check=True
        )
        return int(asked.stdout) > 1

    with Stack(home, fast=True, services=("matching",), settings=settings, command=fake_command) as first:
        assert not note_in(first)
    with Stack(home, fast=True, services=("matching",), settings=settings, command=fake_command) as second:
        assert note_in(second)
    with Stack(
        home,
        fast=True,
        fresh=True,
        simulated_from=begin,
        services=("matching",),
        settings=settings,
        command=fake_command,
    ) as anew:
        assert not note_in(anew)
        assert datetime.fromisoformat(Path(anew.env["CLOCK_FILE"]).read_text()) == begin


def test_two_stacks_do_not_share_a_home(small: Stack, home: Path) -> None:
    with small:
        second = Stack(home, services=("matching", "notify"), command=fake_command)
        with pytest.raises(StackIsUp, match="already running"):
            second.start()
        assert small.env_file.exists()


def test_a_room_can_have_several_processes_with_names_of_their_own(
    home: Path, records: Path, given: dict[str, str], topic_namespace: str
) -> None:
    stack = Stack(
        home,
        services=("matching", "notify"),
        instances={"matching-work": 3},
        topic_namespace=topic_namespace,
        settings={"RECORD_DIR": str(records)},
        given=given,
        command=fake_command,
    )
    with stack:
        names = {start["env"]["INSTANCE"] for start in starts(records, "matching", "work")}

    assert names == {"matching-work", "matching-work-2", "matching-work-3"}


@pytest.mark.long
def test_a_supervisor_that_is_killed_takes_its_processes_with_it(home: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from ipraktik_local.stack import Stack\n"
        f"command = lambda service, verb: (sys.executable, {str(FAKE)!r}, service, verb)\n"
        f"stack = Stack(Path({str(home)!r}), fast=True, services=('matching',), command=command,\n"
        f"              settings={{'RECORD_DIR': {str(tmp_path)!r}}}).start()\n"
        "print(*(process.pid for process in stack.processes), flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as supervisor:
        assert supervisor.stdout is not None
        pids = [int(pid) for pid in supervisor.stdout.readline().split()]
        supervisor.kill()
        supervisor.wait()

    assert len(pids) == 6
    if sys.platform == "linux":  # elsewhere no kernel tells a child that its parent died
        until(lambda: all(gone(pid) for pid in pids))
    sweep(home)
    assert all(gone(pid) for pid in pids)


def test_what_a_killed_supervisor_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(sleeper) as left, subprocess.Popen(sleeper) as stranger:
        mine, other = (
            observed(name="matching-work", pid=left.pid),
            observed(name="matching-serve", pid=stranger.pid),
        )
        assert mine is not None
        assert other is not None
        # the number was given to a stranger since
        note(tmp_path, [mine, replace(other, created=other.created - 3600)])

        try:
            assert sweep(tmp_path) == ("matching-work",)
            assert gone(left.pid)
            assert stranger.poll() is None
        finally:
            left.kill()
            stranger.kill()
