"""A coordinator follows the link of a sign-in mail: looking changes nothing, using it gives the session, once."""

from datetime import datetime

from ipraktik_chassis.transaction import Connection, Transaction
from ipraktik_notify.domain.sign_in_link import digest_of, whole
from ipraktik_notify.store import sign_ins


async def look_at_sign_in_link(conn: Connection, *, mailed: str, now: datetime) -> str | None:
    """The session behind the link, for showing whose it is; None for a link that was used, has run out or never was."""
    kept = await sign_ins.look(conn, digest=digest_of(mailed), now=now)
    return None if kept is None else whole(mailed, kept)


async def use_sign_in_link(tx: Transaction, *, mailed: str) -> str | None:
    """The session; None as above. From here on the link opens nothing."""
    kept = await sign_ins.take(tx.conn, digest=digest_of(mailed), now=tx.now)
    return None if kept is None else whole(mailed, kept)
