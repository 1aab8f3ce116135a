"""`agency-token mint|list|revoke`: tokens for the HTTP feed and the webhooks, on the command line as over HTTP."""

import argparse
import asyncio
import re
import sys
from uuid import UUID

from ipraktik_chassis.database import Database
from ipraktik_chassis.settings import load
from ipraktik_chassis.transaction import Origin
from ipraktik_contracts.envelope import source_urn
from ipraktik_notify.domain.scope import TOPICS, TYPES, Scope
from ipraktik_notify.settings import NotifySettings
from ipraktik_notify.store import agency_tokens
from ipraktik_notify.usecases.mint_agency_token import AGENCY, MOST_DAYS, mint_agency_token

_BY = "command line"


def agency_token(arguments: list[str]) -> int:
    """Carry out one of the three; returns the exit status. A minted token is all that is printed on standard output."""
    parser = argparse.ArgumentParser(prog="python -m ipraktik_notify agency-token")
    acts = parser.add_subparsers(dest="act", required=True)
    minting = acts.add_parser("mint", help="print a new token; it cannot be shown again")
    minting.add_argument("--agency", required=True, help="short name, such as skat")
    minting.add_argument(
        "--topic", action="append", default=[], choices=TOPICS, help="all of a topic; may be repeated"
    )
    minting.add_argument(
        "--type", action="append", default=[], choices=TYPES, help="one type; may be repeated"
    )
    minting.add_argument("--days", type=int, default=365, help="how long it holds")
    listing = acts.add_parser("list", help="the tokens there are, without the tokens themselves")
    listing.add_argument("--agency", help="only this agency's")
    acts.add_parser("revoke", help="make one void at once").add_argument("token_id", type=UUID)
    chosen = parser.parse_args(arguments)
    if chosen.act == "mint" and not re.fullmatch(AGENCY, chosen.agency):
        sys.stderr.write("--agency: begin with a letter; letters a-z, digits and -, 31 at most\n")
        return 2
    if chosen.act == "mint" and not 1 <= chosen.days <= MOST_DAYS:
        sys.stderr.write(f"--days: between 1 and {MOST_DAYS}\n")
        return 2
    return asyncio.run(_carry_out(chosen, load(NotifySettings)))


async def _carry_out(chosen: argparse.Namespace, settings: NotifySettings) -> int:
    clock = settings.clock()
    database = Database(
        url=settings.database_url,
        clock=clock,
        origin=Origin(source_urn(settings.organiser, "notify"), settings.topic_namespace),
        size=2,
    )
    await database.open()
    try:
        if chosen.act == "mint":
            async with database.transaction() as tx:
                token, kept = await mint_agency_token(
                    tx,
                    agency=chosen.agency,
                    scope=Scope(tuple(chosen.topic), tuple(chosen.type)),
                    days=chosen.days,
                    minted_by=_BY,
                )
            sys.stdout.write(token + "\n")
            sys.stderr.write(f"{kept.token_id} for {kept.agency}, until {kept.expires_at.isoformat()}\n")
            return 0
        if chosen.act == "revoke":
            async with database.transaction() as tx:
                revoked = await agency_tokens.revoke(tx.conn, token_id=chosen.token_id, now=tx.now)
            if revoked is None:
                sys.stderr.write("there is no such token; `agency-token list` shows which there are\n")
                return 1
            sys.stdout.write(f"{revoked.token_id} of {revoked.agency} is revoked\n")
            return 0
        async with database.reading() as conn:
            after = None
            while found := await agency_tokens.page(conn, agency=chosen.agency, after=after, limit=500):
                after = found[-1].token_id
                for one in found:
                    state = "revoked" if one.revoked_at else f"until {one.expires_at.isoformat()}"
                    opens = ", ".join((*one.scope.topics, *one.scope.types)) or "everything public"
                    sys.stdout.write(f"{one.token_id}\t{one.agency}\t{state}\t{opens}\n")
        return 0
    finally:
        await database.close()
