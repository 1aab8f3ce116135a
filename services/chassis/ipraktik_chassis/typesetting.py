"""PDF documents by typst, each in a child process of its own: tagged, readable aloud (PDF/UA-1) and fit for keeping (PDF/A-2a).

What must stay true: a template reads no file outside its own folder and the fonts here, and asks nothing for the time (its date
comes in the data), so the same template and data give the same bytes. The data reach it as text and are never markup: a template
must not `eval` them. The child inherits no setting of the service, so no password is in its reach. At most `AT_ONCE` children run,
and nobody waits longer than `WITHIN_SECONDS`, the wait for a turn included.

In a template: `#let data = json(bytes(sys.inputs.data))`, and `#set document(title: …, date: …)` from the data.
"""

import asyncio
import json
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from ipraktik_contracts.counted import counted

FONTS: Final = Path(__file__).parent / "fonts"
AT_ONCE: Final = 2
WITHIN_SECONDS: Final = 20.0
MAX_DATA_BYTES: Final = 2_000_000
_MAX_MEMORY_BYTES: Final = 2 * 1024**3
_STANDARDS: Final = ("ua-1", "a-2a")
_PDF: Final = b"%PDF-"
_MODULE: Final = "ipraktik_chassis.typesetting"

_turns: Final[WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]] = WeakKeyDictionary()
"""The turns of each event loop; a process has one loop, a test run has many."""


class TypesettingFailed(Exception):
    """No PDF was made. The sentence names the template and holds no data; `diagnostic` may hold some and is not for logs."""

    def __init__(self, template: Path, why: str, *, diagnostic: str = "") -> None:
        super().__init__(f"{template.name} was not typeset: {why}")
        self.diagnostic = diagnostic


async def typeset(
    template: Path, data: Mapping[str, Any], *, within_seconds: float = WITHIN_SECONDS
) -> bytes:
    """The document that the template makes of the data, as PDF. Raises TypesettingFailed."""
    asked = json.dumps(
        {"template": str(template), "data": data}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    if len(asked) > MAX_DATA_BYTES:
        raise TypesettingFailed(template, f"its data are over {MAX_DATA_BYTES} bytes; shorten them")
    turns = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    try:
        async with asyncio.timeout(within_seconds), turns:
            code, pdf, diagnostic = await _child(asked)
    except TimeoutError:
        raise TypesettingFailed(
            template,
            f"it took more than {counted(within_seconds, 'second', 'seconds')}; try again when fewer ask",
        ) from None
    if code != 0 or not pdf.startswith(_PDF):
        raise TypesettingFailed(
            template,
            f"typst ended with {code}; mend the template or its data",
            diagnostic=diagnostic.decode(errors="replace"),
        )
    return pdf


async def _child(asked: bytes) -> tuple[int | None, bytes, bytes]:
    """Code, output and complaints of a child that does not outlive this call, however the call ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        _MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={},
    )
    try:
        pdf, diagnostic = await process.communicate(asked)
        return process.returncode, pdf, diagnostic
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def main() -> int:
    """The child: a template and its data on stdin, the PDF on stdout."""
    import typst

    seconds = int(WITHIN_SECONDS) + 1
    # a child whose parent was killed ends too, and one document takes no machine down
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    asked = json.load(sys.stdin.buffer)
    template = Path(asked["template"])
    try:
        pdf = typst.compile(
            template,
            root=template.parent,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(asked["data"], ensure_ascii=False)},
            format="pdf",
            pdf_standards=list(_STANDARDS),
            package_path=FONTS,
            package_cache_path=FONTS,
            timestamp=0,
        )
    except typst.TypstError as error:
        sys.stderr.buffer.write((error.diagnostic or error.message).encode())
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
