"""Style sheets, fonts and scripts of the pages, read on demand and kept compressed. Their address holds a digest of them all.

An address is good for ever: whoever has fetched it need not ask again, and new content comes with a new address.
"""

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from .problem import Problem

FOLDER: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
}
_COMPRESSED: Final = (".css", ".js", ".svg")


@cache
def version() -> str:
    """A digest of all files."""
    digest = hashlib.sha256()
    for file in sorted(FOLDER.rglob("*")):
        if file.is_file():
            digest.update(str(file.relative_to(FOLDER)).encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _known() -> frozenset[str]:
    return frozenset(str(file.relative_to(FOLDER)) for file in FOLDER.rglob("*") if file.suffix in _TYPES)


@cache
def _squeezed(name: str) -> bytes:
    return gzip.compress((FOLDER / name).read_bytes(), 9, mtime=0)


def static_router(service: str) -> APIRouter:
    """GET `/<service>/static/<digest>/<file>`."""
    router = APIRouter(include_in_schema=False)

    @router.get(f"/{service}/static/{{digest}}/{{name:path}}")
    async def file(request: Request, digest: str, name: str) -> Response:
        if name not in _known():
            raise Problem(
                404,
                "No such file",
                "There is nothing at this address.",
                danish=("Filen findes ikke", "Der er ikke noget på denne adresse."),
            )
        suffix = Path(name).suffix
        headers = {
            # a digest that is not ours is answered with what is there now, and not kept
            "cache-control": "public, max-age=31536000, immutable" if digest == version() else "no-store"
        }
        if suffix in _COMPRESSED:
            headers["vary"] = "accept-encoding"
            if "gzip" in request.headers.get("accept-encoding", ""):
                headers["content-encoding"] = "gzip"
                return Response(_squeezed(name), headers=headers, media_type=_TYPES[suffix])
        return Response((FOLDER / name).read_bytes(), headers=headers, media_type=_TYPES[suffix])

    return router
