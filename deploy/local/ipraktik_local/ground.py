"""What a stack stands on: Kafka, PostgreSQL and a mail server, each our own or one that was named from outside.

Servers of our own are noted before they start, so that a start that fails half-way still stops them all. Those of others are
used and left as they were.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from ipraktik_local.environment import given_databases
from ipraktik_local.kafka import KafkaServer
from ipraktik_local.login import KafkaLogin, login_from
from ipraktik_local.mail import MailSink
from ipraktik_local.postgres import PostgresServer
from ipraktik_local.service_database import ServiceDatabase


class Ground:
    """The servers, started and stopped together."""

    def __init__(
        self,
        home: Path,
        *,
        fast: bool,
        secure: bool,
        given: Mapping[str, str],
        services: Sequence[str],
        clock_file: Path | None = None,
    ) -> None:
        """`secure` makes Kafka ask for logins; one from outside must do so already, and the login given is its admin's."""
        self.kafka: KafkaServer | None = None
        self.postgres: PostgresServer | None = None
        self.mail: MailSink | None = None
        self.databases: Mapping[str, ServiceDatabase] = {}
        self._home = home
        self._fast, self._secure = fast, secure
        self._given, self._services = given, services
        self._clock_file = clock_file

    def start(self, *, say: Callable[[str], None]) -> None:
        """All that was not given, at once."""
        given, starting = given_databases(self._given, self._services), list[Callable[[], object]]()
        if not self._given.get("KAFKA_BOOTSTRAP"):
            self.kafka = KafkaServer(home=self._home / "kafka", secure=self._secure)
            starting.append(self.kafka.start)
        if given is None:
            self.postgres = PostgresServer(home=self._home / "postgres", fast=self._fast)
            starting.append(self.postgres.start)
        if not self._given.get("SMTP_URL"):
            self.mail = MailSink(home=self._home / "mail", clock_file=self._clock_file)
            starting.append(self.mail.start)
        if starting:
            say(
                "Starting Kafka, PostgreSQL and the mail sink"
                if len(starting) == 3
                else "Starting our own servers"
            )
            with ThreadPoolExecutor(len(starting)) as pool:
                for begun in [pool.submit(start) for start in starting]:
                    begun.result()
        if given is None and self.postgres is not None:
            given = {name: self.postgres.create_service_database(name) for name in self._services}
        self.databases = given or {}

    def close(self) -> None:
        """Stop our own; each whatever happens to the others."""
        with ExitStack() as closing:
            for server in (self.postgres, self.kafka, self.mail):
                if server is not None:
                    closing.callback(server.close)

    @property
    def operator(self) -> KafkaLogin:
        """Who may do everything at Kafka; of one from outside, whoever the given login is."""
        if self.kafka is not None:
            return self.kafka.admin
        return login_from(self._given)

    def service_logins(self, namespace: str) -> Mapping[str, KafkaLogin]:
        """Whom each service is at Kafka: a user of its own with the least it needs, or nobody in particular."""
        if not self._secure:
            return dict.fromkeys(self._services, self.operator)
        from ipraktik_local.rights import make_services  # brings librdkafka; an open broker needs none

        return make_services(self.operator, services=self._services, namespace=namespace)

    @property
    def smtp_url(self) -> str:
        """Where mails are handed in."""
        return self._given.get("SMTP_URL") or (self.mail.smtp_url if self.mail else "")

    @property
    def mail_url(self) -> str | None:
        """Where mails can be looked at."""
        return self._given.get("MAIL_URL") or (self.mail.url if self.mail else None)

    @property
    def mail_dir(self) -> Path | None:
        """Where mails lie as files."""
        if self.mail is not None:
            return self.mail.mail_dir
        folder = self._given.get("MAIL_DIR")
        return Path(folder) if folder else None
