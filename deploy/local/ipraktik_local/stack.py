"""The whole system on one machine: Kafka, PostgreSQL, mail sink, keys, topics, migrations, and every service as processes.

Usable as a context manager by demo and tests, and by `make up` through the daemon. Everything it starts is stopped by it,
in the order that loses nothing: first who takes requests, then who works off what they left, then what they stand on.
Addresses given from outside are used instead of servers of its own, and are left as they were.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, Self

from ipraktik_local.environment import COORDINATOR, ROOMS, SERVICES, Surroundings, write_env
from ipraktik_local.gateway import NAME as GATEWAY
from ipraktik_local.gateway import gateway_child
from ipraktik_local.given import LAST_ENV
from ipraktik_local.ground import Ground
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.keys import link_keys
from ipraktik_local.mail import MailSink
from ipraktik_local.noted import RunningProcess, forget, note, observed
from ipraktik_local.ports import HOST, Port, reserve_port
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.processes import ChildDidNotStart
from ipraktik_local.supervisor import Child, Supervisor
from ipraktik_local.topics import create_topics

PID_FILE: Final = "stack.pid"
_COMMAND_WITHIN: Final = 120.0
_SERVICE_GRACE: Final = 25.0

Command = Callable[[str, str], Sequence[str]]


class StackIsUp(RuntimeError):
    """Another stack lives in the same folder."""

    def __init__(self, home: Path) -> None:
        super().__init__(f"A stack is already running with its data in {home}; stop it first (make down).")


def service_command(service: str, verb: str) -> Sequence[str]:
    """How a service is told to do something; tests put small stand-ins here."""
    return (sys.executable, "-m", f"ipraktik_{service}", verb)


def process_name(service: str, room: str, instance: int = 1) -> str:
    return f"{service}-{room}" if instance == 1 else f"{service}-{room}-{instance}"


class Stack:
    """`with Stack(home) as stack:` - up inside, nothing left behind after. `stack.env` is what `.local/env` says."""

    def __init__(
        self,
        home: Path,
        *,
        fast: bool = False,
        secure: bool = False,
        services: Sequence[str] = SERVICES,
        rooms: Sequence[str] = ROOMS,
        instances: Mapping[str, int] | None = None,
        clock_file: Path | None = None,
        simulated_from: datetime | None = None,
        fresh: bool = False,
        topic_namespace: str = "",
        settings: Mapping[str, str] | None = None,
        given: Mapping[str, str] | None = None,
        fronts: Mapping[str, str] | None = None,
        command: Command = service_command,
        ready_within: float = 120.0,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`secure` gives each service a Kafka user of its own with the least it needs; `simulated_from` makes a clock file that
        begins at this instant; `fresh` begins without the data of earlier runs;
        `instances` maps "<service>-<room>" to a number of processes; `settings` go to every process as they are;
        `given` holds addresses to use instead of servers of our own (KAFKA_BOOTSTRAP, DATABASE_URL_…, SMTP_URL) and instead of
        processes of our own (MATCHING_URL: somebody runs matching there); `fronts` are addresses of what stands before a service's
        processes, such as a balancer, by service."""
        self.home = home.resolve()
        self.logs = self.home / "log"
        self.env_file = self.home / "env"
        self.env: dict[str, str] = {}
        self._secure = secure
        self._services, self._rooms = tuple(services), tuple(rooms)
        self._instances = dict(instances or {})
        self._fresh = fresh
        self._simulated_from = simulated_from
        self._clock_file = clock_file or (self.home / "clock" if simulated_from is not None else None)
        self._given = dict(given or {})
        self._namespace = topic_namespace or self._given.get("TOPIC_NAMESPACE", "")
        self._settings, self._fronts = dict(settings or {}), dict(fronts or {})
        self._elsewhere = {
            service: url for service in self._services if (url := self._given.get(f"{service.upper()}_URL"))
        }
        self._serves = bool(self._elsewhere) or any(room != "work" for room in self._rooms)
        self._ground = Ground(
            self.home,
            fast=fast,
            secure=secure,
            given=self._given,
            services=self._services,
            clock_file=self._clock_file,
        )
        self._command = command
        self._ready_within = ready_within
        self._say = say
        self._supervisor = Supervisor(on_change=self._note_processes)
        self._ports: list[Port] = []
        self._lock: IO[str] | None = None

    def start(self) -> Self:
        """Everything up and ready, or an error with the end of the log that says why, and nothing left running."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._take_home()
        try:
            self._lay_ground()
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Everything down, in order. Data stays."""
        names = [name for name in self._supervisor.children if name != GATEWAY]
        workers = [name for name in names if not name.split("-")[1].startswith("serve")]
        takers = [name for name in names if name not in workers]
        self._supervisor.stop(order=([GATEWAY], takers, workers), grace=_SERVICE_GRACE)
        with ExitStack() as ground:  # each is closed whatever happens to the others
            ground.callback(self._ground.close)
            while self._ports:
                ground.callback(self._ports.pop().release)
            self._supervisor.children.clear()
            self.env_file.unlink(missing_ok=True)
            ground.callback(forget, self.home)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def kafka(self) -> KafkaServer | None:
        """Our own Kafka, if it is ours."""
        return self._ground.kafka

    @property
    def postgres(self) -> PostgresServer | None:
        """Our own PostgreSQL, if it is ours."""
        return self._ground.postgres

    @property
    def mail(self) -> MailSink | None:
        """Our own mail sink, if it is ours."""
        return self._ground.mail

    @property
    def processes(self) -> tuple[RunningProcess, ...]:
        """Every process that runs right now, servers first."""
        servers = (("kafka", self.kafka), ("postgres", self.postgres), ("mail", self.mail))
        found = [
            observed(name=name, pid=server.pid) for name, server in servers if server and server.is_running
        ]
        for child in self._supervisor.children.values():
            if child.process is not None and child.is_running:
                ops_url = child.ready_url.removesuffix("/readyz") if child.name != GATEWAY else None
                pid, restarts = child.process.pid, child.restarts
                found.append(observed(name=child.name, pid=pid, restarts=restarts, ops_url=ops_url))
        return tuple(process for process in found if process is not None)

    def child(self, service: str, room: str, instance: int = 1) -> Child:
        name = process_name(service, room, instance)
        try:
            return self._supervisor.children[name]
        except KeyError:
            raise KeyError(
                f"{name}: this stack has {', '.join(sorted(self._supervisor.children))}."
            ) from None

    def restart(self, service: str, room: str, instance: int = 1) -> None:
        """An orderly end and a new start; back when it is ready."""
        self.stop_process(service, room, instance)
        self.start_process(service, room, instance)

    def kill(self, service: str, room: str, instance: int = 1) -> None:
        """A crash. The supervisor starts it again; `wait_until_ready` tells when."""
        self.child(service, room, instance).kill()

    def stop_process(self, service: str, room: str, instance: int = 1) -> None:
        """An orderly end that lasts until `start_process`."""
        self.child(service, room, instance).stop(grace=_SERVICE_GRACE)

    def start_process(self, service: str, room: str, instance: int = 1) -> None:
        child = self.child(service, room, instance)
        child.start()
        self._supervisor.wait_until_ready([child.name], within=self._ready_within)

    def wait_until_ready(self, service: str, room: str, instance: int = 1) -> None:
        """Until it answers, however often it ends before."""
        name = self.child(service, room, instance).name
        self._supervisor.wait_until_ready([name], within=self._ready_within, through_crashes=True)

    def run(self, service: str, verb: str, *arguments: str) -> str:
        """One command of a service, such as `parked`, with the surroundings of its processes. Returns what it printed."""
        return self._run(
            service, [*self._command(service, verb), *arguments], self._surroundings.of_service(service)
        )

    def _take_home(self) -> None:
        holder = (self.home / PID_FILE).open("a+")  # not "w": that would wipe the number of whoever holds it
        try:
            fcntl.flock(holder, fcntl.LOCK_EX | fcntl.LOCK_NB)  # ends with us, however we end
        except BlockingIOError:
            holder.close()
            raise StackIsUp(self.home) from None
        holder.truncate(0)
        holder.write(str(os.getpid()))
        holder.flush()
        self._lock = holder

    def _lay_ground(self) -> None:
        self.env_file.unlink(missing_ok=True)  # of a stack that was killed
        if self._fresh:
            for folder in ("kafka", "postgres", "mail", "log", "agencies"):
                shutil.rmtree(self.home / folder, ignore_errors=True)
        if self._simulated_from is not None and self._clock_file is not None:
            self._clock_file.write_text(self._simulated_from.astimezone(UTC).isoformat(), "ascii")

    def _start(self) -> None:
        self._ground.start(say=self._say)
        operator = self._ground.operator
        self._surroundings = Surroundings(
            operator=operator,
            kafka_logins=self._ground.service_logins(self._namespace),
            databases=self._ground.databases,
            smtp_url=self._ground.smtp_url,
            keys=link_keys(self.home / "keys"),
            http_ports={
                service: self._port() for service in self._services if service not in self._elsewhere
            },
            elsewhere=self._elsewhere,
            fronts=self._fronts,
            base_url=f"http://{HOST}:{self._port()}" if self._serves else None,
            topic_namespace=self._namespace,
            clock_file=self._clock_file,
            mail_url=self._ground.mail_url,
            mail_dir=self._ground.mail_dir,
            coordinators=self._given.get("COORDINATOR_ADDRESSES") or COORDINATOR,
            settings=self._settings,
        )
        self._note_processes()
        self._say("Making topics and database schemas")
        replication = int(self._given.get("TOPIC_REPLICATION_FACTOR") or 1)
        create_topics(operator, self._namespace, replication_factor=replication)
        with ThreadPoolExecutor(max(1, len(self._services))) as pool:
            list(pool.map(self._migrate, self._services))
        self.env = self._surroundings.for_people_and_tests(self._services)
        if token := self._given.get("COORDINATOR_TOKEN"):
            self.env["COORDINATOR_TOKEN"] = token
        elif "notify" in self._services:
            self.env["COORDINATOR_TOKEN"] = self.run("notify", "mint-coordinator").strip()
        self._start_services()
        if self._secure:
            from ipraktik_local.agencies import (
                bring_up_to_date,
            )  # brings librdkafka; an open broker needs none

            bring_up_to_date(self.home, operator, namespace=self._namespace)
        ours = {name: value for name, value in self.env.items() if self._given.get(name) != value}
        write_env(self.home / LAST_ENV, ours)
        write_env(self.env_file, self.env)
        self._supervisor.watch()

    def _start_services(self) -> None:
        self._say("Starting the services")
        self._surroundings.write_settings(self.home)
        for service, url in self._elsewhere.items():
            file = self.home / f"{service}.env"
            write_env(file, self._surroundings.own_of_service(service))
            self._say(f"{service} is yours to run at {url}; its settings are in {file}")
        for service in self._surroundings.http_ports:
            for room in self._rooms:
                for instance in range(1, self._instances.get(f"{service}-{room}", 1) + 1):
                    self._add_child(service, room, instance)
        if (base := self._surroundings.base_url) is not None:
            urls = {service: self._surroundings.service_url(service) for service in self._services}
            port = int(base.rpartition(":")[2])
            self._supervisor.add(gateway_child(port=port, services=urls, log=self.logs / f"{GATEWAY}.log"))
        for child in self._supervisor.children.values():
            child.start()
        self._note_processes()
        self._supervisor.wait_until_ready(list(self._supervisor.children), within=self._ready_within)

    def _add_child(self, service: str, room: str, instance: int) -> None:
        name, ops_port = process_name(service, room, instance), self._port()
        # the first instance has the address that links point to; further ones are for whoever balances between them
        http_port = (
            self._surroundings.http_ports[service] if instance == 1 or room == "work" else self._port()
        )
        env = self._surroundings.of_process(
            service, room, instance=name, http_port=http_port, ops_port=ops_port
        )
        ops_url = f"http://{HOST}:{ops_port}"
        self.env[f"{name.replace(f'-{room}', f'_ops_{room}').replace('-', '_').upper()}_URL"] = ops_url
        self._supervisor.add(
            Child(
                name=name,
                command=self._command(service, room),
                env=env,
                log=self.logs / f"{name}.log",
                ready_url=f"{ops_url}/readyz",
            )
        )

    def _port(self) -> int:
        port = reserve_port()
        self._ports.append(port)
        return port.number

    def _migrate(self, service: str) -> None:
        self._run(service, self._command(service, "migrate"), self._surroundings.of_migration(service))

    def _run(self, service: str, command: Sequence[str], env: Mapping[str, str]) -> str:
        log = self.logs / f"{service}-commands.log"
        self.logs.mkdir(exist_ok=True)
        with log.open("ab") as errors:
            ended = subprocess.run(
                command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, timeout=_COMMAND_WITHIN, check=False
            )  # fmt: skip
        if ended.returncode:
            printed = ended.stdout.decode("utf-8", "replace").strip()
            reason = f"failed (exit {ended.returncode}) {printed[-2000:]}".rstrip()
            raise ChildDidNotStart(f"{service} {command[-1]}", reason, log)
        return ended.stdout.decode("utf-8")

    def _note_processes(self) -> None:
        note(self.home, self.processes)
