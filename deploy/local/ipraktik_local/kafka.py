"""Apache Kafka itself as one child process: KRaft, broker and controller in one, on loopback; open, or secured (`secured.py`).

Ready means that the broker has answered a metadata request and named itself, not that a port is open. The data outlives
`stop`, `kill` and `restart`; a restart keeps the address, so clients find it again. Nothing creates a topic by accident
(`auto.create.topics.enable=false`).
"""

import base64
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, Self

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from ipraktik_local.java import find_java
from ipraktik_local.kafka_jars import kafka_classpath
from ipraktik_local.login import KafkaLogin
from ipraktik_local.ports import HOST, Port, reserve_port
from ipraktik_local.processes import ChildDidNotStart, Process, kill, spawn, stop
from ipraktik_local.secured import (
    ADMIN,
    Certificate,
    admin_login,
    broker_login,
    passwords_in,
    secured_properties,
    write_private,
)
from ipraktik_local.waiting import in_own_loop, is_listening

_JVM: Final = (
    "-Xms96m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",  # a short-lived broker never earns back what the optimising compiler costs
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
)
_READY_WITHIN: Final = 60.0
_NO_PROPERTIES: Final[Mapping[str, str]] = MappingProxyType({})


class KafkaServer:
    """A broker that we started. `bootstrap` is its address, the same for its whole life; `admin` is who may do everything there."""

    def __init__(
        self,
        *,
        home: Path,
        properties: Mapping[str, str] = _NO_PROPERTIES,
        secure: bool = False,
        certificate: Certificate | None = None,
    ) -> None:
        """`certificate` makes clients of a secured broker speak TLS."""
        self.home = home
        self.log = home / "kafka.log"
        self._extra = dict(properties)
        self._passwords = passwords_in(home) if secure else None
        self._certificate = certificate
        self._ports: tuple[Port, ...] | None = None
        self._process: Process | None = None

    @property
    def bootstrap(self) -> str:
        if self._ports is None:
            raise RuntimeError("Kafka has no address before its first start; call start().")
        return f"{HOST}:{self._ports[0].number}"

    @property
    def admin(self) -> KafkaLogin:
        """The login that may do everything; of an open broker, just its address."""
        if self._passwords is None:
            return KafkaLogin(self.bootstrap)
        return admin_login(client=self.bootstrap, passwords=self._passwords, certificate=self._certificate)

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self, *, attempts: int = 3) -> Self:
        """Start and wait until the broker answers. A port lost to somebody else is replaced before the first success."""
        if self.is_running:
            return self
        keeps_address = self._ports is not None
        while True:
            attempts -= 1
            if self._ports is None:
                self._ports = tuple(reserve_port() for _ in range(2 if self._passwords is None else 3))
            try:
                self._start_once()
            except ChildDidNotStart as error:
                self.stop()
                if keeps_address:
                    raise
                self._release_ports()
                if attempts <= 0 or "Address already in use" not in str(error):
                    raise
            else:
                return self

    def stop(self, *, grace: float = 20.0) -> None:
        """An orderly end: the log is closed, the next start is quick."""
        if self._process is not None:
            stop(self._process, grace=grace)

    def kill(self) -> None:
        """The machine lost power, as far as Kafka can tell."""
        kill(self._running())

    def pause(self) -> None:
        """Alive but silent: connections stay open and nothing answers."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._running().send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """Down (if it is not) and up again, with its data and at its address."""
        self.stop()
        self.start()

    def close(self) -> None:
        """Stop for good and give the address back."""
        self.stop()
        self._release_ports()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _running(self) -> Process:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError("Kafka is not running; start() or restart() it first.")
        return self._process

    def _release_ports(self) -> None:
        for port in self._ports or ():
            port.release()
        self._ports = None

    def _start_once(self) -> None:
        data, config = self.home / "data", self.home / "server.properties"
        self.home.mkdir(parents=True, exist_ok=True)
        write_private(config, "".join(f"{key}={value}\n" for key, value in self._properties(data).items()))
        java = [str(find_java()), *_JVM, "-cp", kafka_classpath()]
        if not (data / "meta.properties").exists():
            self._format(java, config)
        self._process = spawn([*java, "kafka.Kafka", str(config)], log=self.log, cwd=self.home)
        self._wait_until_ready(self._process)

    def _format(self, java: list[str], config: Path) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = [
            *java,
            "kafka.tools.StorageTool",
            "format",
            f"--cluster-id={cluster}",
            "--config",
            str(config),
        ]
        with self.log.open("ab") as log:
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=120, check=False
            )
        if ended.returncode:
            raise ChildDidNotStart("Kafka", f"could not lay out its data (exit {ended.returncode})", self.log)

    def _wait_until_ready(self, process: Process) -> None:
        address, bound = self.bootstrap, time.monotonic() + _READY_WITHIN
        let_in = self._passwords is None
        while time.monotonic() < bound:
            if process.poll() is not None:
                raise ChildDidNotStart("Kafka", f"ended while starting (exit {process.returncode})", self.log)
            # a client that finds no listener logs an error at once, so it is not asked before there is one
            if is_listening(address):
                let_in = let_in or self._let_admin_in()
                if let_in and in_own_loop(_answers(self.admin)):
                    return
            time.sleep(0.05)
        raise ChildDidNotStart("Kafka", f"did not answer within {_READY_WITHIN:.0f} seconds", self.log)

    def _let_admin_in(self) -> bool:
        """Give the admin a password by the broker's own way in. False if the broker is not yet ready to."""
        from ipraktik_local import users  # brings librdkafka; an open broker needs none

        if self._ports is None or self._passwords is None:
            raise AssertionError("only a secured broker has an admin")
        own = broker_login(broker=f"{HOST}:{self._ports[2].number}", passwords=self._passwords)
        try:
            users.set_password(own, user=ADMIN, password=self._passwords.admin)
            users.wait_until_let_in(self.admin)
        except users.RightsNotChanged:
            return False
        return True

    def _properties(self, data: Path) -> dict[str, str]:
        if self._ports is None:
            raise AssertionError("ports are drawn before the configuration is written")
        broker, controller, *own = (f"{HOST}:{port.number}" for port in self._ports)
        secured = (
            {}
            if self._passwords is None
            else secured_properties(
                client=broker,
                controller=controller,
                broker=own[0],
                passwords=self._passwords,
                certificate=self._certificate,
            )
        )
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{broker}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": os.fspath(data),
            # after a kill the new broker waits until the old one's lease has run out
            "broker.session.timeout.ms": "6000",
            "broker.heartbeat.interval.ms": "500",
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": "0",
            "log.cleaner.dedupe.buffer.size": "16777216",
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "share.coordinator.state.topic.num.partitions": "4",
            **secured,
            **self._extra,
        }


def start_kafka(
    home: Path,
    *,
    properties: Mapping[str, str] = _NO_PROPERTIES,
    secure: bool = False,
    certificate: Certificate | None = None,
) -> KafkaServer:
    """A running broker with its data in `home`; `properties` are added to, or replace, those of the configuration.

    A secured one asks everybody for a login: `admin` is the first, `ipraktik_local.rights` makes the others.
    """
    return KafkaServer(home=home, properties=properties, secure=secure, certificate=certificate).start()


async def _answers(login: KafkaLogin) -> bool:
    admin = AIOKafkaAdminClient(**login.aiokafka(), request_timeout_ms=2000)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
        await admin.list_topics()
        # makes the offsets topic, and waits for it: else the first consumers meet errors and back off
        await admin.find_coordinator("any")
    except (KafkaError, OSError):
        return False
    else:
        return bool(cluster["brokers"])  # a broker that the controller has not let in yet names nobody
    finally:
        await admin.close()
