"""`python -m ipraktik_local.mail`: receive mail by SMTP, keep it, show it by HTTP. Ends on SIGTERM."""

import argparse
import asyncio
from pathlib import Path

import uvicorn

from ipraktik_local.mail.box import Box
from ipraktik_local.mail.faults import Faults
from ipraktik_local.mail.http import MailPages
from ipraktik_local.mail.smtp import open_door
from ipraktik_local.mail.times import clock_of
from ipraktik_local.ports import HOST


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ipraktik_local.mail", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="the folder for the mails, one .eml each")
    parser.add_argument("--clock-file", type=Path, help="what time it is, where time is simulated")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    asyncio.run(_serve(parser.parse_args()))


async def _serve(wanted: argparse.Namespace) -> None:
    box, faults = Box.open(wanted.home, now=clock_of(wanted.clock_file)), Faults()
    pages = uvicorn.Server(
        uvicorn.Config(
            MailPages(box=box, faults=faults, simulated=wanted.clock_file is not None),
            host=HOST,
            port=wanted.http_port,
            lifespan="off",
            access_log=False,  # its lines would carry people's addresses
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
    )
    async with await open_door(host=HOST, port=wanted.smtp_port, box=box, faults=faults):
        await pages.serve()  # until SIGTERM or SIGINT


main()
