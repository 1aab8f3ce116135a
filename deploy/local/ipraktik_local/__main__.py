"""`python -m ipraktik_local up|down|status|topics|psql|in|doctor|agency`: the stack on this machine, from the command line.

`SECURE=1` in the environment of `up` makes Kafka ask everybody for a login.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from aiokafka.errors import KafkaError

from ipraktik_contracts.counted import counted, times
from ipraktik_contracts.rights import BadAgencyName
from ipraktik_local.daemon import NotUp, bring_up, is_up, take_down
from ipraktik_local.environment import SERVICES, read_env, settings_of
from ipraktik_local.given import servers_away
from ipraktik_local.login import LOGIN_NAMES, login_from
from ipraktik_local.noted import noted
from ipraktik_local.postgres import psql_program
from ipraktik_local.topics import describe_topics


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ipraktik_local", description=__doc__)
    parser.add_argument(
        "--home",
        type=Path,
        default=Path(os.environ.get("LOCAL_HOME") or ".local"),
        help="where the stack keeps everything (default: LOCAL_HOME, else .local)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything in the background and print the addresses")
    commands.add_parser("down", help="stop everything; the data stays")
    commands.add_parser("status", help="show the processes and the addresses")
    commands.add_parser("topics", help="show the topics: partitions, how long they keep, how many records")
    psql = commands.add_parser(
        "psql", help="open a service's database; what follows the service goes to psql"
    )
    psql.add_argument("service", choices=SERVICES)
    psql.add_argument("--owner", action="store_true", help="with the role that owns the schema")
    psql.add_argument("rest", nargs=argparse.REMAINDER)
    inside = commands.add_parser(
        "in",
        help="give a service a command, with the settings that it runs with here: `in matching parked list`, "
        "`in registration - registration list < deploy/by_hand/dead_rows.py`",
    )
    inside.add_argument("service", choices=SERVICES)
    inside.add_argument("rest", nargs=argparse.REMAINDER)
    doctors = commands.add_parser("doctor", help="let every service look around, or one")
    doctors.add_argument("service", choices=SERVICES, nargs="?")
    agency = commands.add_parser("agency", help="give an outside agency a login that reads the public topics")
    agency.add_argument("name", help="small letters, digits, hyphens; again: a new password")
    agency.add_argument("--revoke", action="store_true", help="take login and rights away")
    chosen = parser.parse_args(arguments)
    home: Path = chosen.home.resolve()
    match chosen.command:
        case "up":
            return _up(home)
        case "down":
            _say("Stopped." if take_down(home, say=_say) else "Nothing is running.")
            return 0
        case "status":
            return _status(home)
        case "topics":
            return _topics(home)
        case "in":
            return _in(home, chosen.service, chosen.rest)
        case "doctor":
            return _doctor(home, [chosen.service] if chosen.service else list(SERVICES))
        case "agency":
            return _agency(home, chosen.name, revoke=chosen.revoke)
        case _:
            return _psql(home, service=chosen.service, owner=chosen.owner, rest=chosen.rest)


def _up(home: Path) -> int:
    if is_up(home):
        _say("It is already up.")
        if os.environ.get("SECURE") == "1" and "KAFKA_USERNAME" not in read_env(home / "env"):
            print("But it lets everybody in. To secure it: make down, make up SECURE=1", file=sys.stderr)  # noqa: T201 - a command line
            return 1
        return _show_addresses(home)
    try:
        bring_up(home, say=_say)
    except NotUp as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command line
        return 1
    return _show_addresses(home)


def _status(home: Path) -> int:
    if not is_up(home):
        _say("It is down. Start it: make up")
        return 3  # what status commands of services answer for "not running"
    running = noted(home)
    for process in running:
        again = f", restarted {times(process.restarts)}" if process.restarts else ""
        _say(f"{process.name:24} pid {process.pid}{again}  {process.ops_url or ''}".rstrip())
    shown = _show_addresses(home)
    if read_env(home / "env") and (gone := servers_away(home, running=[process.name for process in running])):
        _say(f"Away, and nothing starts it again: {', '.join(gone)}. To bring it back: make down && make up")
        return 1
    return shown


def _show_addresses(home: Path) -> int:
    env = read_env(home / "env")
    if not env:
        _say(f"It is still coming up; see {home / 'log' / 'stack.log'}.")
        return 0
    if base := env.get("BASE_URL"):
        _say(f"  {'For people':22} {base}")
        _say(f"  {'Coordinators sign in':22} {base}/registration/sign-in as {env['COORDINATOR_ADDRESSES']}")
    shown = {
        "All mail": "MAIL_URL",
        "Kafka": "KAFKA_BOOTSTRAP",
        "Registration alone": "REGISTRATION_URL",
        "Matching alone": "MATCHING_URL",
        "Notify alone": "NOTIFY_URL",
        "Evaluation alone": "EVALUATION_URL",
    }
    for label, name in shown.items():
        if name in env:
            _say(f"  {label:22} {env[name]}")
    if "KAFKA_USERNAME" in env:
        _say(
            f"  {'':22} secured; you are user {env['KAFKA_USERNAME']} there, its password is KAFKA_PASSWORD in the file below"
        )
    _say(f"  {'Everything else':22} {home / 'env'} (programs: COORDINATOR_TOKEN as bearer)")
    return 0


def _topics(home: Path) -> int:
    outside = {
        name: os.environ[name]
        for name in ("KAFKA_BOOTSTRAP", "TOPIC_NAMESPACE", *LOGIN_NAMES)
        if os.environ.get(name)
    }
    env = outside if "KAFKA_BOOTSTRAP" in outside else read_env(home / "env")
    if "KAFKA_BOOTSTRAP" not in env:
        return _not_up()
    try:
        topics = describe_topics(login_from(env), env.get("TOPIC_NAMESPACE", ""))
    except KafkaError as error:
        print(f"No Kafka lets us in at {env['KAFKA_BOOTSTRAP']}: {error}", file=sys.stderr)  # noqa: T201 - a command line
        return 1
    for topic in topics:
        config = ", ".join(f"{key}={value}" for key, value in topic.config.items())
        partitions = counted(topic.partitions, "partition", "partitions")
        records = counted(topic.records, "record", "records")
        _say(f"{topic.name:45} {partitions:>14} {records:>16}  {config}")
    return 0


def _agency(home: Path, name: str, *, revoke: bool) -> int:
    from ipraktik_local import agencies  # brings librdkafka, which the other commands do without
    from ipraktik_local.rights import NotSecured, UnknownAgency
    from ipraktik_local.users import RightsNotChanged

    try:
        for line in agencies.revoke(home, name) if revoke else agencies.grant(home, name):
            _say(line)
    except (agencies.StackIsDown, BadAgencyName, NotSecured, UnknownAgency, RightsNotChanged) as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command line
        return 1
    return 0


def _psql(home: Path, *, service: str, owner: bool, rest: list[str]) -> int:
    name = f"{'MIGRATION_' if owner else ''}DATABASE_URL_{service.upper()}"
    url = os.environ.get(name) or read_env(home / "env").get(name)
    if url:
        # the machine's own knows line editing; the one from the wheel always fits the server
        program = shutil.which("psql") or str(psql_program())
        os.execv(program, [program, url, *rest])  # noqa: S606 - nothing of a shell is wanted
    return _not_up()


def _in(home: Path, service: str, rest: list[str]) -> int:
    env = settings_of(home, service)
    if not env or not is_up(home):
        return _not_up()
    # a script comes by standard input, as into a container
    words = rest if rest[:1] == ["-"] else ["-m", f"ipraktik_{service}", *rest]
    return subprocess.run([sys.executable, *words], env=env, check=False).returncode


def _doctor(home: Path, services: list[str]) -> int:
    worst = 0
    for service in services:
        if len(services) > 1:
            _say(f"{service}:")
        worst = max(worst, _in(home, service, ["doctor"]))
    return worst


def _not_up() -> int:
    print("It is down. Start it: make up", file=sys.stderr)  # noqa: T201 - a command line
    return 1


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a command line


if __name__ == "__main__":
    raise SystemExit(main())
