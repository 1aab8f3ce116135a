"""`python -m ipraktik_local.gateway --port N --to registration=http://… …`: one origin before the services. Ends on SIGTERM."""

import argparse
import asyncio
from urllib.parse import urlsplit

import uvicorn

from ipraktik_local.gateway.app import Gateway, configured
from ipraktik_local.ports import HOST


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ipraktik_local.gateway", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--to", action="append", default=[], type=_leads, metavar="SERVICE=URL")
    wanted = parser.parse_args()
    asyncio.run(_serve(port=wanted.port, services=dict(wanted.to)))


async def _serve(*, port: int, services: dict[str, str]) -> None:
    gateway = Gateway(services)
    server = uvicorn.Server(configured(gateway, host=HOST, port=port))
    try:
        await server.serve()  # until SIGTERM or SIGINT
    finally:
        gateway.close()


def _leads(text: str) -> tuple[str, str]:
    service, _, url = text.partition("=")
    parts = urlsplit(url)
    if not service or parts.scheme not in ("http", "https") or not parts.hostname:
        raise argparse.ArgumentTypeError(f"{text}: give it as registration=http://127.0.0.1:8081")
    return service, url


main()
