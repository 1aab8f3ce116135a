"""The one machine as backup and restore see it: containers by `docker compose`, one PostgreSQL, one folder per backup.

Python's standard library only, from 3.9 on: the machine has Docker and whatever Python its system brings.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

DEPLOY = Path(__file__).resolve().parent.parent
SERVICES = ("registration", "matching", "notify", "evaluation")
PUBLISHING = ("registration", "matching", "evaluation")
KEYS = {
    "link-private.pem": "/keys/private/link-private.pem",
    "link-public.pem": "/keys/public/link-public.pem",
}
ENV = "env"
SUMS = "SHA256SUMS"


class Failed(Exception):
    """Something that a person has to look at; the text says what and what to do."""


class Machine:
    """Commands in containers of compose.yaml, with one file of variables."""

    def __init__(self, env_file: Path) -> None:
        self.env_file = env_file
        self._compose = [
            "docker",
            "compose",
            "--env-file",
            str(env_file),
            "--file",
            str(DEPLOY / "compose.yaml"),
        ]

    def look(self) -> None:
        """Raises Failed where nothing here can be asked at all, before anything is begun."""
        try:
            ended = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        except FileNotFoundError:
            raise Failed("docker is not installed here, or not in PATH") from None
        if ended.returncode:
            raise Failed("docker here knows no `compose`; install its Compose plugin, 2.24 or newer")

    def compose(self, *words: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None) -> bytes:
        """Run a command of Compose; returns what it printed, unless that goes to a file. Raises Failed."""
        ended = subprocess.run(
            [*self._compose, *words],
            stdin=stdin or subprocess.DEVNULL,
            stdout=stdout or subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
        )
        if ended.returncode:
            said = ended.stderr.decode("utf-8", "replace").strip()[-2000:]
            raise Failed(f"docker compose {' '.join(words)}\n{said}")
        return ended.stdout or b""

    def in_postgres(
        self, *words: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None
    ) -> bytes:
        """A program in PostgreSQL's container, as its administrator."""
        return self.compose("exec", "-T", "postgres", *words, stdin=stdin, stdout=stdout)

    def with_keys(self, *words: str, stdin: IO[bytes] | None = None) -> bytes:
        """A shell command in a container that sees the keys for links, whether the services run or not."""
        return self.compose(
            "run", "--rm", "-T", "--no-deps", "--entrypoint", "sh", "link-keys", "-c", *words, stdin=stdin
        )

    def asked(self, database: str, statement: str) -> str:
        """What PostgreSQL answers, bare."""
        words = (
            "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "postgres",
            "-d",
            database,
            "-c",
            statement,
        )
        return self.in_postgres(*words).decode("utf-8").strip()

    def session(self, database: str) -> Session:
        """A session of its own, to be spoken to statement by statement."""
        return Session([*self._compose, "exec", "-T", "postgres", "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database])  # fmt: skip


class Session:
    """psql on a pipe. Ends with what it stands on: a session that is closed gives its locks and snapshots back."""

    def __init__(self, command: list[str]) -> None:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
        self._pipe = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._errors = cast("IO[bytes]", self._process.stderr)

    def say(self, statement: str) -> str:
        """Carry out a statement; returns its answer, bare. Raises Failed with what PostgreSQL said."""
        with suppress(BrokenPipeError):
            self._pipe.write(f"{statement};\n\\echo done\n".encode())
            self._pipe.flush()
        lines: list[str] = []
        for line in self._answers:
            text = line.decode("utf-8").rstrip("\n")
            if text == "done":
                return "\n".join(lines)
            lines.append(text)
        said = self._errors.read().decode("utf-8", "replace").strip()
        raise Failed(f"{statement}: {said}")

    def close(self) -> None:
        """End it."""
        for pipe in (self._pipe, self._answers, self._errors):
            with suppress(BrokenPipeError):
                pipe.close()
        self._process.wait()


def sums(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a folder but the list itself."""
    return {file.name: _sum(file) for file in sorted(folder.iterdir()) if file.name != SUMS}


def write_sums(folder: Path) -> None:
    """As `sha256sum` writes it."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sums(folder).items())
    write_private(folder / SUMS, lines.encode("utf-8"))


def check_sums(folder: Path) -> None:
    """Raises Failed where a file is missing, other, or nobody's."""
    listed = folder / SUMS
    if not listed.is_file():
        raise Failed(f"{folder} is no whole backup: {SUMS} is missing")
    lines = (line.partition("  ") for line in listed.read_text("utf-8").splitlines())
    said = {name: digest for digest, _, name in lines}
    there = sums(folder)
    wrong = sorted(name for name in {**said, **there} if said.get(name) != there.get(name))
    if wrong:
        raise Failed(f"{folder} is damaged, take another one: {', '.join(wrong)} differ from {SUMS}")


def read_env(file: Path) -> dict[str, str]:
    """NAME=value lines."""
    if not file.is_file():
        raise Failed(f"{file} is missing; copy deploy/small/example.env there and fill it in")
    lines = (line.strip() for line in file.read_text("utf-8").splitlines())
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))


def write_private(file: Path, content: bytes) -> None:
    """Write for the owner's eyes, down to the disk."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def say(text: str) -> None:
    """A line for whoever started it."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _sum(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as content:
        for piece in iter(lambda: content.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()
