"""The secured profile of the local broker: who one is by SCRAM-SHA-512, what one may by ACLs, and no way in without a login.

Three listeners, all on loopback: CLIENT takes SCRAM and nothing else; BROKER and CONTROLLER take the broker's own password. No
principal is anonymous, and only the broker and the admin may do everything. The same data can be used with and without the
profile: nothing of it is laid down when the data folder is made, and the admin's password is set anew at each start.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from ipraktik_local.login import SCRAM, KafkaLogin

ADMIN: Final = "admin"
BROKER: Final = "broker"
_PLAIN: Final = "org.apache.kafka.common.security.plain.PlainLoginModule required"
_SCRAM: Final = "org.apache.kafka.common.security.scram.ScramLoginModule required"


@dataclass(frozen=True, slots=True)
class Passwords:
    """Of the two who may do everything."""

    admin: str = field(repr=False)
    broker: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the CLIENT listener shows, PEM: its chain and key, and the authority that clients are to trust."""

    chain_file: Path
    key_file: Path
    ca_file: Path


def new_password() -> str:
    """Enough chance that nobody guesses it, in letters that need no quoting anywhere."""
    return secrets.token_urlsafe(24)


def passwords_in(home: Path) -> Passwords:
    """Made once per home, for its owner's eyes, so that a program keeps its login over a restart."""
    file = home / "passwords.json"
    try:
        return Passwords(**json.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        made = Passwords(admin=new_password(), broker=new_password())
    home.mkdir(parents=True, exist_ok=True)
    write_private(file, json.dumps(asdict(made)))
    return made


def write_private(file: Path, text: str) -> None:
    """Whole or not at all, and for the owner's eyes."""
    part = file.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
    os.replace(part, file)


def secured_properties(
    *, client: str, controller: str, broker: str, passwords: Passwords, certificate: Certificate | None
) -> dict[str, str]:
    """What is different in the broker's configuration. The three are addresses."""
    own = f'{_PLAIN} username="{BROKER}" password="{passwords.broker}" user_{BROKER}="{passwords.broker}";'
    seen = "SASL_SSL" if certificate else "SASL_PLAINTEXT"
    told = {
        "listeners": f"CLIENT://{client},BROKER://{broker},CONTROLLER://{controller}",
        "advertised.listeners": f"CLIENT://{client},BROKER://{broker}",
        "inter.broker.listener.name": "BROKER",
        "listener.security.protocol.map": f"CLIENT:{seen},BROKER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
        "listener.name.client.sasl.enabled.mechanisms": SCRAM,
        f"listener.name.client.{SCRAM.lower()}.sasl.jaas.config": f"{_SCRAM};",
        "sasl.mechanism.inter.broker.protocol": "PLAIN",
        "listener.name.broker.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.broker.plain.sasl.jaas.config": own,
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controller.plain.sasl.jaas.config": own,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": f"User:{BROKER};User:{ADMIN}",
        "allow.everyone.if.no.acl.found": "false",
    }
    if certificate is not None:
        # Kafka reads PEM from one file only where key and chain stand in it together
        both = certificate.key_file.read_text("ascii") + certificate.chain_file.read_text("ascii")
        told |= {
            "listener.name.client.ssl.keystore.type": "PEM",
            "listener.name.client.ssl.keystore.location": str(
                certificate.chain_file.with_suffix(".both.pem")
            ),
        }
        write_private(certificate.chain_file.with_suffix(".both.pem"), both)
    return told


def admin_login(*, client: str, passwords: Passwords, certificate: Certificate | None) -> KafkaLogin:
    """Who operates the broker."""
    return KafkaLogin(
        client,
        ADMIN,
        passwords.admin,
        protocol="SASL_SSL" if certificate else "SASL_PLAINTEXT",
        ca_file=str(certificate.ca_file) if certificate else "",
    )


def broker_login(*, broker: str, passwords: Passwords) -> KafkaLogin:
    """The broker's own way in: how the admin gets a password at each start, whatever the data folder knows."""
    return KafkaLogin(broker, BROKER, passwords.broker, protocol="SASL_PLAINTEXT", mechanism="PLAIN")
