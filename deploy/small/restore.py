"""`python3 deploy/small/restore.py backups/2026-11-22T010000Z`: bring an empty machine to where a backup was.

In this order, and each step only when those before went well: the checksums; variables and keys where there are none; PostgreSQL
started and its four databases empty; Kafka started and without a record; the dumps; the topics; Kafka filled again from what every
database has published; migrations, services. Nothing that holds anything is ever overwritten.

Why Kafka must be empty too: after the backup more may have been said there. The restored services would give the same numbers to other
facts, and subscribers could not tell. What was on Kafka and is in the backup comes back from the tables `published`, in order.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from deploy.small.machine import (
    DEPLOY,
    ENV,
    KEYS,
    PUBLISHING,
    SERVICES,
    Failed,
    Machine,
    check_sums,
    say,
    write_private,
)

_TABLES = "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p')"
_REFILL = DEPLOY / "by_hand" / "refill_kafka.py"


def restore(machine: Machine, folder: Path, *, start: bool) -> None:
    """Restore a backup. Raises Failed; what was begun may then be begun again on empty volumes."""
    check_sums(folder)
    machine.look()
    _variables(machine, folder)
    machine.compose("up", "--detach", "--wait", "postgres", "kafka")
    filled = [service for service in SERVICES if machine.asked(service, _TABLES) != "0"]
    if filled:
        raise Failed(
            f"the databases of {', '.join(filled)} are not empty. To put this backup in their place, set aside what is there: "
            "docker compose down, then docker volume rm innovationspraktik_postgres innovationspraktik_kafka"
        )
    if (records := _on_kafka(machine)) > 0:
        raise Failed(
            f"Kafka has had records ({records}). It is filled from the backup, so it must be empty: docker compose down, then "
            "docker volume rm innovationspraktik_kafka innovationspraktik_postgres"
        )
    _keys(machine, folder)
    for service in SERVICES:
        with (folder / f"{service}.dump").open("rb") as dump:
            machine.in_postgres(
                "pg_restore",
                "-U",
                "postgres",
                "-d",
                service,
                "--exit-on-error",
                "--single-transaction",
                stdin=dump,
            )
        say(f"{service}: restored")
    machine.compose("run", "--rm", "-T", "topics")
    for service in PUBLISHING:
        with _REFILL.open("rb") as script:
            sent = _python(machine, service, service, stdin=script)
        for line in sent.decode("utf-8").splitlines():
            say("{0}: {2} records to {1}".format(service, *line.split("\t")))
    if start:
        machine.compose("up", "--detach", "--wait")
        say("Everything runs.")


def _variables(machine: Machine, folder: Path) -> None:
    there, kept = machine.env_file, (folder / ENV).read_bytes()
    if not there.exists():
        write_private(there, kept)
        say(f"{there} is that of the backup")
    elif there.read_bytes() != kept:
        say(f"{there} differs from the backup's; what is there is used")


def _keys(machine: Machine, folder: Path) -> None:
    """The pair of the backup, unless there is one; another pair would void every link that people hold."""
    for key, place in KEYS.items():
        content = (folder / key).read_bytes()
        there = machine.with_keys(f"cat {place} 2>/dev/null || true")
        if there and there != content:
            raise Failed(
                f"{place} is another key than the backup's; docker volume rm innovationspraktik_link-private-key innovationspraktik_link-public-key"
            )
        if not there:
            mode = "400" if "private" in key else "444"
            with (folder / key).open("rb") as pem:
                machine.with_keys(
                    f"cat > {place}.part && chmod {mode} {place}.part && chown 10001 {place}.part && mv {place}.part {place}",
                    stdin=pem,
                )


def _on_kafka(machine: Machine) -> int:
    """How many records Kafka has ever had on our topics."""
    with (DEPLOY / "small" / "kafka_records.py").open("rb") as script:
        return int(_python(machine, "registration", stdin=script))


def _python(machine: Machine, service: str, *arguments: str, stdin: IO[bytes]) -> bytes:
    """A script on a service's Python, with its settings."""
    return machine.compose(
        "run", "--rm", "-T", "--no-deps", "--entrypoint", "python", service, "-", *arguments, stdin=stdin
    )


def main(arguments: list[str] | None = None) -> int:
    """Restore; returns the exit status."""
    parser = argparse.ArgumentParser(
        description="Restore a backup onto a machine whose databases and Kafka are empty."
    )
    parser.add_argument("folder", type=Path, help="a backup, such as backups/2026-11-22T010000Z")
    parser.add_argument("--env-file", type=Path, default=DEPLOY / "small" / "env")
    parser.add_argument("--no-start", action="store_true", help="leave the services down, to look first")
    wanted = parser.parse_args(arguments)
    try:
        restore(Machine(wanted.env_file), wanted.folder, start=not wanted.no_start)
    except (Failed, OSError) as error:
        sys.stderr.write(f"Not restored. {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
