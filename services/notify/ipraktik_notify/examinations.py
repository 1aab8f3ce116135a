"""What `doctor` looks at in notify alone: the key that signs, the mail server, and mails that nobody sends."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Final

import aiosmtplib
import asyncpg

from ipraktik_chassis.doctor.database import connected
from ipraktik_chassis.doctor.examining import Examinations, Patient
from ipraktik_chassis.doctor.finding import Finding, age, by_limits, fail, ok, warn
from ipraktik_chassis.doctor.given import fingerprint, fingerprint_of_private, nobodys
from ipraktik_contracts.counted import counted
from ipraktik_notify.mailing.message import UnusableAddress, mail_address
from ipraktik_notify.mailing.smtp import MailServer, ServerAway
from ipraktik_notify.settings import NotifySettings
from ipraktik_notify.store import queue
from ipraktik_notify.store.queue import Standing

_ANSWER_SECONDS: Final = 10.0
_HELD_WARN: Final = 3 * 86_400.0
_HELD_FAIL: Final = 30 * 86_400.0
_READY_WARN: Final = 900.0
_READY_FAIL: Final = 4 * 3600.0


async def examine_keys(patient: Patient) -> list[Finding]:
    """The private key: is it there, and does it belong to the public one that everybody checks with?"""
    settings: NotifySettings = patient.settings
    if settings.link_private_key_file is None:
        return [
            warn(
                "link keys",
                "LINK_PRIVATE_KEY_FILE is not set, so no mail with a link can be written here",
                "Give it to notify's `work`; a container of `serve` does without",
            )
        ]
    try:
        own = fingerprint_of_private(settings.link_private_key_file.read_bytes())
    except (OSError, ValueError):
        return [
            fail(
                "link keys",
                "LINK_PRIVATE_KEY_FILE holds no Ed25519 key that can be read, so no mail with a link can be written",
                "Make a pair; see docs/operations/secret-rotation.md",
            )
        ]
    if settings.link_public_key_file is None:
        return []  # said of the links
    if own != fingerprint(settings.link_public_key_file.read_bytes()):
        return [
            fail(
                "link keys",
                f"the private key ({own}) does not belong to LINK_PUBLIC_KEY_FILE, so every new link is refused",
                "Give all services the public half of this key, and restart them",
            )
        ]
    return [ok("link keys", "private and public key belong together")]


async def examine_mail_server(patient: Patient) -> list[Finding]:
    """Whether it lets us in. Nothing is handed in."""
    settings: NotifySettings = patient.settings
    server = MailServer(settings.smtp_url, encrypted=not settings.local_stack, timeout=_ANSWER_SECONDS)
    try:
        client = await server.connect()
    except ServerAway as away:
        says = f"{_why(str(away))}; mails wait"
        return [fail("mail server", says, "Check SMTP_URL and the way there"), *_addresses(settings)]
    try:
        await client.quit()
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        client.close()
    return [ok("mail server", "lets us in"), *_addresses(settings)]


def _addresses(settings: NotifySettings) -> Iterator[Finding]:
    """Whom mails come from, and who may sign in."""
    if not settings.local_stack and nobodys(parseaddr(settings.mail_from)[1]):
        yield warn(
            "mail server",
            "MAIL_FROM is nobody's address, and servers refuse or hide what comes from there",
            "Set it to one of yours",
        )
    listed = settings.coordinators().values()
    if not listed:
        yield warn(
            "coordinators", "COORDINATOR_ADDRESSES is empty, so nobody can sign in", "Name at least one"
        )
    elif wrong := sum(not _is_address(address) for address in listed):
        yield warn(
            "coordinators",
            f"COORDINATOR_ADDRESSES: {counted(wrong, 'is no address, and nobody signs in by it', 'are no addresses, and nobody signs in by them')}",
            "Write them as name@host, comma separated",
        )
    elif not settings.local_stack and all(map(nobodys, listed)):
        yield warn(
            "coordinators",
            "COORDINATOR_ADDRESSES names nobody's address alone, so nobody can sign in",
            "Name at least one of yours",
        )


async def examine_mails(patient: Patient) -> list[Finding]:
    """Mails that wait for a coordinator, for the sender, or for somebody to look at why they failed."""
    try:
        async with connected(patient) as conn:
            standing = await queue.standing(conn)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError):
        return [fail("mails", "the table could not be read", "See what is said of the database")]
    now = patient.settings.clock().now()
    found = []
    if "failed" in standing:
        found.append(
            warn(
                "mails",
                f"{standing['failed'].mails} could not be delivered",
                "Look at /notify/mails; see docs/operations/mails.md",
            )
        )
    for states, says, limits, do in (
        (
            ("held",),
            ("is held for a coordinator", "are held for a coordinator"),
            (_HELD_WARN, _HELD_FAIL),
            "A coordinator lets them go at /notify/held",
        ),
        (
            ("pending", "sending"),
            ("is ready to be sent", "are ready to be sent"),
            (_READY_WARN, _READY_FAIL),
            "Is notify's `work` running? What is said of the mail server?",
        ),
    ):
        mails, since = _together(standing, states)
        if since is not None:
            seconds = (now - since).total_seconds()
            found.append(
                by_limits(
                    "mails",
                    f"{counted(mails, *says)}, the oldest for {age(seconds)}",
                    seconds=seconds,
                    warn_over=limits[0],
                    fail_over=limits[1],
                    do=do,
                )
            )
    return found or [ok("mails", "none is held, late or failed")]


def _is_address(address: str) -> bool:
    try:
        mail_address(address)
    except UnusableAddress:
        return False
    return True


def _together(standing: dict[str, Standing], states: Sequence[str]) -> tuple[int, datetime | None]:
    """How many are in those states, and since when the oldest."""
    there = [standing[state] for state in states if state in standing]
    return sum(one.mails for one in there), min((one.since for one in there if one.since), default=None)


def _why(error: str) -> str:
    if error == "SMTPAuthenticationError":
        return "it does not accept user and password"
    if error in {"SMTPConnectError", "SMTPConnectTimeoutError", "TimeoutError", "SMTPTimeoutError"}:
        return "nobody answers there"
    if error == "SMTPException":
        return "it offers no encryption (STARTTLS), or none of the ways to log in that we know"
    return f"it does not talk to us ({error})"


EXAMINATIONS: Final[Examinations] = {
    "keys": examine_keys,
    "mail": examine_mail_server,
    "mails": examine_mails,
}
