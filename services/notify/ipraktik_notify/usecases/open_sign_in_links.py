"""A mail that signs a coordinator in is about to be written: the session behind its link is made and half of it kept.

Invariant: what is kept is committed before the mail leaves. A mail that is written again, after a crash or while the mail server was
away, gets a link of its own; each is good once.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ipraktik_chassis.transaction import Connection
from ipraktik_notify.domain.kinds import BOARD, KINDS
from ipraktik_notify.domain.lifetimes import SIGN_IN_LINK
from ipraktik_notify.domain.sign_in_link import digest_of, halves_of
from ipraktik_notify.mailing.links import LinkWriter
from ipraktik_notify.store import sign_ins
from ipraktik_notify.store.queue import Claimed


async def open_sign_in_links(
    conn: Connection, *, mails: Sequence[Claimed], links: LinkWriter, now: datetime
) -> dict[UUID, str]:
    """What goes into the links, by mail. `conn` is in no transaction, so that it stands when the mail goes."""
    halves = {
        mail.id: halves_of(links.session(mail, now=now))
        for mail in mails
        if KINDS[mail.kind].opening is BOARD
    }
    if halves:
        await sign_ins.keep(
            conn,
            kept=[(digest_of(one.mailed), one.kept) for one in halves.values()],
            expires_at=now + SIGN_IN_LINK,
        )
    return {id: one.mailed for id, one in halves.items()}
