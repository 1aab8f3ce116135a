"""`python3 deploy/small/backup.py`: the four databases, the keys for links and the file of variables, in one dated folder.

Services go on while it runs. Invariant: the four dumps are of one moment, in this sense: nothing that one service has taken in is
unknown to the service that said it. An effect is written with its line in `inbox`, so for some milliseconds no inbox may change,
and meanwhile all four databases fix what their dump will see. Dumps of different moments would not do: a receiver that was
dumped later would remember a fact that its sender, restored, has never said and whose number it would give away again.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deploy.small.machine import (
    DEPLOY,
    ENV,
    KEYS,
    SERVICES,
    Failed,
    Machine,
    read_env,
    say,
    write_private,
    write_sums,
)

_LOCK = "set lock_timeout = '30s'; begin; lock table inbox in exclusive mode"
_NAMED = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
_SEE = "begin isolation level repeatable read, read only; select pg_export_snapshot()"


def back_up(machine: Machine, *, into: Path, name: str) -> Path:
    """Make a backup; returns its folder, which is there whole or not at all. Raises Failed."""
    variables = read_env(machine.env_file)
    machine.look()
    folder, part = into / name, into / f".{name}.part"
    if folder.exists():
        raise Failed(f"{folder} is there already")
    part.mkdir(parents=True, mode=0o700)
    try:
        with ExitStack() as sessions:
            for service, snapshot in one_moment(machine, sessions).items():
                _dump(machine, service, snapshot=snapshot, file=part / f"{service}.dump")
        for key, place in KEYS.items():
            write_private(part / key, machine.with_keys(f"cat {place}"))
        write_private(part / ENV, machine.env_file.read_bytes())
        write_private(part / "about.txt", _about(machine, variables).encode("utf-8"))
        write_sums(part)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)  # what is not whole is of no use, and full of people's data
    return folder


def _dump(machine: Machine, service: str, *, snapshot: str, file: Path) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        words = ("pg_dump", "-U", "postgres", "-d", service, "--format=custom", f"--snapshot={snapshot}")
        machine.in_postgres(*words, stdout=out)
        os.fsync(out.fileno())
    say(f"{service}: {file.stat().st_size} bytes")


def one_moment(machine: Machine, sessions: ExitStack) -> dict[str, str]:
    """A snapshot of each database, all taken while nobody could take anything in; they last as long as the sessions."""
    seeing = {service: machine.session(service) for service in SERVICES}
    for session in seeing.values():
        sessions.callback(session.close)
    with ExitStack() as locks:
        locking = [machine.session(service) for service in SERVICES]
        for session in locking:
            locks.callback(session.close)
        for session in (*locking, *seeing.values()):
            session.say("select 1")  # all connected, so that what follows takes no longer than it must
        for session in locking:
            session.say(_LOCK)
        return {service: session.say(_SEE) for service, session in seeing.items()}


def _about(machine: Machine, variables: dict[str, str]) -> str:
    server = machine.asked("postgres", "select current_setting('server_version')")
    return f"release {variables.get('VERSION', 'unreleased')}\nPostgreSQL {server}\naddress {variables.get('PUBLIC_URL', '')}\n"


def forget_old(into: Path, *, keep: int) -> list[str]:
    """Remove all but the newest backups; returns their names. Whatever has no backup's name is left alone."""
    there = sorted(one for one in into.iterdir() if _NAMED.fullmatch(one.name))
    for folder in there[:-keep]:
        shutil.rmtree(folder)
    return [folder.name for folder in there[:-keep]]


def _how_many(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII):
        raise argparse.ArgumentTypeError("give a number from 1 to 999")
    return int(text)


def main(arguments: list[str] | None = None) -> int:
    """Back up; returns the exit status."""
    parser = argparse.ArgumentParser(
        description="Back up the databases, the keys for links and the variables into one folder."
    )
    parser.add_argument("--into", type=Path, default=DEPLOY.parent / "backups", help="folder of all backups")
    parser.add_argument("--env-file", type=Path, default=DEPLOY / "small" / "env")
    parser.add_argument("--keep", type=_how_many, metavar="N", help="afterwards keep the newest N only")
    wanted = parser.parse_args(arguments)
    name = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H%M%SZ")  # noqa: UP017 - older Pythons know no other name
    try:
        folder = back_up(Machine(wanted.env_file), into=wanted.into, name=name)
    except (Failed, OSError) as error:
        sys.stderr.write(f"No backup was made. {error}\n")
        return 1
    say(f"{folder} is whole. Copy it to another machine; it holds names, addresses, passwords and keys.")
    try:
        for old in forget_old(wanted.into, keep=wanted.keep) if wanted.keep else []:
            say(f"removed {old}")
    except OSError as error:
        sys.stderr.write(f"An old backup could not be removed. {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
