"""`await-schema`: wait until the database has what this build needs, then end with 0. For a container that starts before the others.

It uses the running role and nothing else, so it proves at once that this role gets in and sees the schema. Processes wait for the
schema by themselves too; this one ends, so that an orchestrator can show who waits for what.
"""

import asyncio
import socket
import ssl
import sys
from typing import Final

import asyncpg

from ipraktik_contracts.counted import counted

from . import schema
from .clock import SystemClock
from .service import Service
from .settings import Settings

_EVERY_SECONDS: Final = 0.5
_CONNECT_SECONDS: Final = 5.0


def await_schema(service: Service, settings: Settings) -> int:
    """Wait; returns the exit status: 0 when the schema is there, 1 when it still is not after SCHEMA_WAIT_SECONDS."""
    revision = schema.revision_of(service.schema_folders)
    lacking = asyncio.run(
        _until_there(settings.database_url, revision=revision, patience=settings.schema_wait_seconds)
    )
    if lacking is None:
        sys.stdout.write(f"the database has revision {revision}\n")
        return 0
    sys.stderr.write(
        f"gave up after {counted(settings.schema_wait_seconds, 'second', 'seconds')}: {lacking}\n"
    )
    return 1


async def what_is_missing(url: str, *, revision: str) -> str | None:
    """Why the schema cannot be used yet, in one sentence that says what to do; None where it can."""
    try:
        conn = await asyncpg.connect(url, timeout=_CONNECT_SECONDS)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
        says, do = why_not_connected(error)
        return f"{says}; {do[0].lower()}{do[1:]}"
    try:
        if await schema.has_revision(conn, revision):
            return None
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as error:
        return f"the database broke off ({type(error).__name__})"
    finally:
        await conn.close(timeout=_CONNECT_SECONDS)
    return f"the database lacks revision {revision}, or hides it from this role; run migrate"


def why_not_connected(error: Exception) -> tuple[str, str]:
    """What went wrong in a sentence of ours, since the driver's may quote what it was given; and what to do."""
    if isinstance(error, asyncpg.InvalidPasswordError | asyncpg.InvalidAuthorizationSpecificationError):
        return "the database does not accept this role and password", "Check DATABASE_URL"
    if isinstance(error, asyncpg.InvalidCatalogNameError):
        return "the database is not there", "Make it, or check DATABASE_URL"
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        return "this role may not connect to the database", "Grant it connect"
    if isinstance(error, asyncpg.TooManyConnectionsError):
        return "the database has no connection left", "Lower DATABASE_POOL, or raise max_connections"
    if isinstance(error, ssl.SSLCertVerificationError):  # a ValueError too
        return (
            f"the database's certificate is not trusted ({error.verify_message})",
            "Check sslrootcert in DATABASE_URL, and that the certificate is of that host",
        )
    if isinstance(error, ValueError):
        return (
            "DATABASE_URL cannot be used as it is written",
            "Write it as postgresql://role:password@host:5432/database, what is special in the password percent-encoded; "
            "a file that it names must be there",
        )
    if isinstance(error, socket.gaierror):
        return (
            "the name of the database's host is not found",
            "Check DATABASE_URL and whether name servers are reached",
        )
    return f"the database does not answer ({type(error).__name__})", "Check DATABASE_URL and whether it runs"


async def _until_there(url: str, *, revision: str, patience: float) -> str | None:
    clock = SystemClock()
    deadline, said = clock.monotonic() + patience, ""
    while (lacking := await what_is_missing(url, revision=revision)) is not None:
        if clock.monotonic() >= deadline:
            break
        if lacking != said:
            sys.stderr.write(f"waiting: {lacking}\n")
            sys.stderr.flush()
            said = lacking
        await asyncio.sleep(_EVERY_SECONDS)
    return lacking
