"""The settings that are valid and yet unwise, and the key that checks links."""

import hashlib
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from ipraktik_chassis.doctor.examining import Patient
from ipraktik_chassis.doctor.finding import Finding, fail, ok, warn
from ipraktik_chassis.misspelt import misspelt

_ADDRESSES: Final = (
    "registration_public_url",
    "matching_public_url",
    "notify_public_url",
    "evaluation_public_url",
)


_EXAMPLES: Final = ("example.org", "example.com", "example.net", "example.dk", "innovationspraktik.example")


async def examine_settings(patient: Patient) -> list[Finding]:
    """What was given. That it is valid was seen when it was read."""
    found = list(_unwise(patient))
    return found or [ok("settings", "all are valid")]


async def examine_links(patient: Patient) -> list[Finding]:
    """The public key, by a fingerprint that must be the same for all services."""
    file = patient.settings.link_public_key_file
    if file is None:
        return [
            fail(
                "links",
                "LINK_PUBLIC_KEY_FILE is not set, so no link and no sign-in opens anything here",
                "Give every service the public half of notify's key",
            )
        ]
    return [
        ok("links", f"the public key is {fingerprint(file.read_bytes())}; all services must show this one")
    ]


def fingerprint(public_key_pem: bytes) -> str:
    """What tells one key from another."""
    key = load_pem_public_key(public_key_pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("no Ed25519 key")  # noqa: TRY004 - what the operator gave is a wrong value
    return _fingerprint(key)


def fingerprint_of_private(private_key_pem: bytes) -> str:
    """The fingerprint of its public half. Raises ValueError for what could sign no link."""
    try:
        key = load_pem_private_key(private_key_pem, None)
    except TypeError:
        raise ValueError("the key is encrypted") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("no Ed25519 key")  # noqa: TRY004 - what the operator gave is a wrong value
    return _fingerprint(key.public_key())


def _fingerprint(key: Ed25519PublicKey) -> str:
    raw = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return "sha256:" + hashlib.sha256(raw).hexdigest()[:16]


def _unwise(patient: Patient) -> Iterator[Finding]:
    settings = patient.settings
    for typed, meant in misspelt(patient.environment, type(settings).model_fields).items():
        yield warn(
            "settings",
            f"{typed} is set and is no setting, so it does nothing; {meant} is one",
            f"Write {meant}, or unset {typed}",
        )
    if settings.local_stack:
        yield warn(
            "settings",
            "LOCAL_STACK is on: mails go unencrypted, cookies without Secure, and time may be simulated",
            "Unset it, unless this is a developer's machine",
        )
        return
    if settings.migration_database_url is not None:
        yield warn(
            "settings",
            "MIGRATION_DATABASE_URL is set here, so a hole in this process could change the schema",
            "Give it to `migrate` alone; ignore this where doctor itself was started there",
        )
    origins = {urlsplit(getattr(settings, name))[:2] for name in _ADDRESSES}
    if len(origins) > 1:
        yield fail(
            "settings",
            "the …_PUBLIC_URL are not of one origin, and pages do not work across several",
            "Set all four to the address that people see",
        )
    if any(scheme != "https" for scheme, _ in origins):
        yield fail(
            "settings",
            "a …_PUBLIC_URL is not https, so cookies with Secure are not sent back and nobody stays signed in",
            "Set all four to the https address that people see",
        )
    if settings.kafka_security_protocol == "PLAINTEXT":
        yield warn(
            "settings",
            "KAFKA_SECURITY_PROTOCOL is PLAINTEXT: whoever reaches Kafka may read names and write events",
            "Give every service a login; ignore this on a network that only the services reach",
        )
    if settings.proxies == 0 and any(scheme == "https" for scheme, _ in origins):
        yield warn(
            "settings",
            "PROXIES is 0, and yet something ends https before this service: all people count as one network, and "
            "limits meant for one meet everybody",
            "Set it to how many proxies of yours add to X-Forwarded-For",
        )
    if nobodys(settings.organiser_email):
        yield warn(
            "settings", "ORGANISER_EMAIL is nobody's address", "Set it to one that people can write to"
        )
    if any(nobodys(f"@{host}") for _, host in origins):
        yield warn(
            "settings",
            "a …_PUBLIC_URL is the example's, and links in mails lead nowhere",
            "Set all four to the address that people see",
        )


def nobodys(address: str) -> bool:
    """Whether an address is one of those that stand where yours belongs: in the defaults, in deploy/k8s and in deploy/small."""
    host = address.rpartition("@")[2].lower()
    return any(host == given or host.endswith(f".{given}") for given in _EXAMPLES)
