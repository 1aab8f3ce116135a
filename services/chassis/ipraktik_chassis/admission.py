"""Whether Kafka lets this process listen, and if not, why: found out before joining and while listening, said in one sentence.

Clients keep trying where they are refused, some of them a thousand times a second and none of them ever ends. So what is refused
ends the process instead: it is not ready meanwhile, and its last line says what to grant.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Collection, Mapping
from typing import Any, Final, Protocol

from aiokafka.conn import create_conn
from aiokafka.errors import (
    BrokerResponseError,
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from .kafka_login import KafkaLogin

REFUSALS: Final = (
    TopicAuthorizationFailedError,
    GroupAuthorizationFailedError,
    ClusterAuthorizationFailedError,
    SaslAuthenticationFailed,
)
_ASK_SECONDS: Final = 5.0
_ADVICE: Final = "Auto create topics is disabled. Make sure the topics exist."


class NotAdmitted(Exception):
    """Kafka does not let this process in, or not listen. The text says what to do and holds no secret."""


class Asking(Protocol):
    """What is used of aiokafka's admin client."""

    async def list_topics(self) -> list[str]: ...
    async def find_coordinator(self, group_id: str) -> int: ...


class BusLog:
    """FastStream's lines on their way to our log. It keeps errors to itself and goes on; the refusals among them are noted here."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self.refusal: BrokerResponseError | None = None

    def log(
        self, level: int, msg: Any, /, *, exc_info: Any = None, extra: Mapping[str, Any] | None = None
    ) -> None:
        """Hand a line on, except for one that answers a setting of ours with advice we follow."""
        if isinstance(exc_info, REFUSALS):
            self.refusal = exc_info
        if msg != _ADVICE:
            self._log.log(level, msg, exc_info=exc_info, extra=extra)


async def refused(asking: Asking, *, login: KafkaLogin, topics: Collection[str], group: str) -> str | None:
    """What this login lacks to read the topics as this group, or None. Kafka being away is no refusal."""
    try:
        async with asyncio.timeout(_ASK_SECONDS):
            hidden = sorted(set(topics).difference(await asking.list_topics()))
            if hidden:
                return f"Kafka shows {login} no topic {', '.join(hidden)}: create the topics, or grant this user to read them"
            await asking.find_coordinator(group)
    except GroupAuthorizationFailedError:
        return f"{login} may not read as group {group}: grant it that group"
    except (KafkaError, OSError, TimeoutError):
        pass
    return None


def refusal_of(error: BrokerResponseError, *, login: KafkaLogin, group: str) -> str:
    """What was refused while listening."""
    if isinstance(error, TopicAuthorizationFailedError):
        return (
            f"{login} may not read {', '.join(map(str, error.args)) or 'a topic'}: grant this user to read it"
        )
    if isinstance(error, GroupAuthorizationFailedError):
        return f"{login} may not read as group {group}: grant it that group"
    return f"Kafka refuses {login}: {type(error).__name__}"


async def why_not_in(*, login: KafkaLogin, bootstrap: str) -> str:
    """Why no client gets in at the address. Its own error says only that none of the brokers answered."""
    reasons = []
    for place in bootstrap.split(","):
        host, _, port = place.strip().rpartition(":")
        try:
            conn = await asyncio.wait_for(
                create_conn(host.strip("[]"), int(port), **login.client_arguments()), _ASK_SECONDS
            )
            try:
                # who needed a password is let go on until the first question
                await asyncio.wait_for(conn.send(MetadataRequest([])), _ASK_SECONDS)
            finally:
                conn.close()
        except (KafkaError, OSError, TimeoutError, ValueError) as error:
            reasons.append(f"{place.strip()}: {_reason(error, login)}")
        else:
            reasons.append(f"{place.strip()}: it lets {login} in now")
    return "; ".join(reasons)


def _reason(error: Exception, login: KafkaLogin) -> str:
    if isinstance(error, SaslAuthenticationFailed):
        return f"Kafka does not accept the password of {login}. Check KAFKA_USERNAME and KAFKA_PASSWORD"
    if isinstance(error, UnsupportedSaslMechanismError):
        return f"Kafka does not take {login.mechanism}. Check KAFKA_SASL_MECHANISM"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}). Check KAFKA_CA_FILE and the broker's name"
    if isinstance(error, ssl.SSLError):
        return "no encrypted connection comes about. Check KAFKA_SECURITY_PROTOCOL and KAFKA_CERT_FILE"
    if isinstance(error, ValueError):
        return "this is not host:port. Check KAFKA_BOOTSTRAP"
    if isinstance(error, ConnectionRefusedError):
        return "nobody answers. Check KAFKA_BOOTSTRAP"
    if isinstance(error, socket.gaierror):
        return "the name is not found. Check KAFKA_BOOTSTRAP and whether name servers are reached"
    return (
        f"no answer to a client that speaks {login.protocol} ({type(error).__name__}). "
        "Check KAFKA_BOOTSTRAP and KAFKA_SECURITY_PROTOCOL"
    )
