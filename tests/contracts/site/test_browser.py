"""The pages in a real browser, on a phone's and a desk's width, in light and dark: what axe-core finds, and what it fetches.

Needs Chromium (Debian's package `chromium`) and npm, which brings axe-core. Without them the test is skipped with a line that
says what to install; where CI is set it fails instead.
"""

import http.server
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
from contracts.site.reading import files, pages
from foreign import npm_packages, tool

HERE: Final = Path(__file__).resolve().parent / "browser"
KINDS: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
PATIENCE: Final = 240.0

pytestmark = [pytest.mark.long, pytest.mark.timeout(PATIENCE + 60)]


@pytest.fixture(scope="module")
def chromium() -> str:
    """The browser."""
    return tool(
        "chromium", "chromium-browser", install="Chromium (Debian, Ubuntu: sudo apt install chromium)"
    )


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, as pinned by the lock file."""
    source = npm_packages(HERE) / "node_modules" / "axe-core" / "axe.min.js"
    return source.read_text(encoding="utf-8")


@dataclass
class Desk:
    """A web server on a free loopback port: it gives out the site and takes in what was found."""

    axe: str
    visits: list[dict[str, Any]]
    asked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    found: dict[str, Any] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str) -> tuple[str, str] | None:
        """Content and kind of a path."""
        match path:
            case "/check.html":
                return (HERE / "check.html").read_text(encoding="utf-8"), "text/html"
            case "/axe.js":
                return self.axe, "text/javascript"
            case "/visits":
                return json.dumps(self.visits), "application/json"
            case "/favicon.ico":
                return "", "image/svg+xml"
        text = files().get(path.removeprefix("/site/"))
        return None if text is None else (text, KINDS[Path(path).suffix])


def served(desk: Desk) -> http.server.ThreadingHTTPServer:
    """The desk on its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            desk.asked.append(self.path)
            answer = desk.answer(self.path)
            if answer is None:
                desk.missing.append(self.path)
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            body = answer[0].encode()
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", f"{answer[1]}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            desk.found = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(HTTPStatus.NO_CONTENT)
            self.end_headers()
            desk.done.set()

        def log_message(self, format: str, *args: object) -> None:
            pass

    return http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)


def looked_at(chromium: str, desk: Desk, *, home: Path, dark: bool) -> list[dict[str, Any]]:
    """What the browser found on its visits."""
    server = served(desk)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    arguments = [
        chromium,
        "--headless",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        # nothing but this machine has an address
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={home}",
        f"--blink-settings=preferredColorScheme={0 if dark else 1}",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        "--remote-debugging-port=0",
        f"http://127.0.0.1:{server.server_port}/check.html",
    ]
    browser = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert desk.done.wait(PATIENCE), f"the browser has not come to an end; it asked for {desk.asked[-3:]}"
    finally:
        browser.terminate()
        browser.wait(timeout=20)
        server.shutdown()
        serving.join(timeout=20)
        server.server_close()
    assert desk.found.get("error") is None, desk.found
    results: list[dict[str, Any]] = desk.found["results"]
    assert len(results) == len(desk.visits)
    return results


def visits(width: int, paths: Iterator[str] | list[str]) -> list[dict[str, Any]]:
    """Pages to open at a width."""
    return [{"path": f"/site/{path}", "width": width} for path in paths]


def kinds_of_page() -> list[str]:
    """Every page that has a template of its own, and two of the many events."""
    return [path for path in pages() if not path.startswith("events/")] + [
        "events/index.html",
        "events/ParticipantRegistered.html",
        "events/MatchProposed.html",
    ]


def test_no_page_has_an_accessibility_fault_or_scrolls_sideways_on_a_phone(
    chromium: str, axe: str, tmp_path: Path
) -> None:
    desk = Desk(axe, visits(320, pages()))
    results = looked_at(chromium, desk, home=tmp_path, dark=False)
    assert [f"{one['path']}: {fault}" for one in results for fault in one["violations"]] == []
    assert {one["path"]: one["wide"] for one in results if one["wide"] > one["width"]} == {}
    assert all(one["passes"] > 0 and not one["dark"] for one in results)
    assert desk.missing == []


def test_neither_on_a_desk_nor_in_the_dark(chromium: str, axe: str, tmp_path: Path) -> None:
    desk = Desk(axe, visits(1280, kinds_of_page()))
    results = looked_at(chromium, desk, home=tmp_path, dark=True)
    assert [f"{one['path']}: {fault}" for one in results for fault in one["violations"]] == []
    assert {one["path"]: one["wide"] for one in results if one["wide"] > one["width"]} == {}
    assert all(one["dark"] for one in results)
    assert desk.missing == []
