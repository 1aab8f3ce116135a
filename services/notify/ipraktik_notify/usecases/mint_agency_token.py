"""A coordinator gives an agency a token for the feed and its webhooks. It is shown once and kept as a digest."""

import hashlib
import re
import secrets
from datetime import timedelta
from typing import Final

from ipraktik_chassis.ids import new_id
from ipraktik_chassis.transaction import Transaction
from ipraktik_notify.domain.scope import Scope
from ipraktik_notify.store import agency_tokens
from ipraktik_notify.store.agency_tokens import AgencyToken

PREFIX: Final = "ipf_"
AGENCY: Final = r"^[a-z][a-z0-9-]{0,30}$"
MOST_DAYS: Final = 800
_TOKEN: Final = re.compile(PREFIX + r"[A-Za-z0-9_-]{43}")


def digest_of(token: str) -> bytes | None:
    """What is kept of a token; None where the text cannot be one of ours."""
    return hashlib.sha256(token.encode()).digest() if _TOKEN.fullmatch(token) else None


async def mint_agency_token(
    tx: Transaction, *, agency: str, scope: Scope, days: int, minted_by: str
) -> tuple[str, AgencyToken]:
    """The token, which nobody can show again, and what is kept about it."""
    token = PREFIX + secrets.token_urlsafe(32)
    digest = digest_of(token)
    if digest is None:
        raise AssertionError("a token of 32 bytes has 43 characters")
    kept = AgencyToken(
        token_id=new_id(tx.now),
        agency=agency,
        scope=scope,
        minted_by=minted_by,
        created_at=tx.now,
        expires_at=tx.now + timedelta(days=days),
        revoked_at=None,
        last_used_on=None,
    )
    await agency_tokens.add(tx.conn, token=kept, digest=digest)
    return token, kept
