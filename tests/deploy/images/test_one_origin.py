"""The proxy of compose.yaml, run for real before stand-ins for the services: the same table as everywhere, and the same manners."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
from deploy.images.compose import NAMES, SMALL, config_file, containers, service
from deploy.local.town import Service, listening, plain

from deploy.image_root import ROOT
from ipraktik_local.gateway.table import AT_THE_ROOT, BELOW, service_of
from ipraktik_local.ports import HOST, reserve_port

CADDY = Path(sys.executable).with_name("caddy")
FILE = config_file("gateway")


@dataclass
class Proxied:
    """Registration and matching behind the proxy; nobody listens for the other two."""

    registration: Service
    matching: Service
    client: httpx.AsyncClient
    base: str
    log: Path


@asynccontextmanager
async def proxied(folder: Path) -> AsyncIterator[Proxied]:
    registration, matching = Service("registration"), Service("matching")
    with ExitStack() as ports:
        numbers = [ports.enter_context(reserve_port()).number for _ in range(5)]
        front, *behind = numbers
        env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "SITE": f"http://:{front}"}
        env |= {name.upper(): f"{HOST}:{port}" for name, port in zip(NAMES, behind, strict=True)}
        log = folder / "caddy.log"
        with log.open("wb") as out:
            process = await asyncio.to_thread(_started, env, out)
        try:
            async with (
                listening(plain(registration, behind[0]), plain(matching, behind[1])),
                httpx.AsyncClient(base_url=f"http://{HOST}:{front}", trust_env=False, timeout=10) as client,
            ):
                await _answering(client, process)
                yield Proxied(registration, matching, client, f"{HOST}:{front}", log)
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait, 15)


def _started(env: dict[str, str], out: IO[bytes]) -> "subprocess.Popen[bytes]":
    command = [str(CADDY), "run", "--config", str(FILE), "--adapter", "caddyfile"]
    return subprocess.Popen(command, env=env, stdout=out, stderr=out)


async def _answering(client: httpx.AsyncClient, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(500):
        assert process.poll() is None, "Caddy ended"
        try:
            await client.get("/nowhere")
        except httpx.TransportError:
            await asyncio.sleep(0.02)
        else:
            return
    raise AssertionError("Caddy does not answer")


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Proxied]:
    async with proxied(tmp_path) as stands:
        yield stands


def adapted(**env: str) -> dict[str, Any]:
    """The file as Caddy understands it."""
    ended = subprocess.run(
        [str(CADDY), "adapt", "--config", str(FILE), "--adapter", "caddyfile"],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **env},
        capture_output=True,
        text=True,
        check=True,
    )
    made: dict[str, Any] = json.loads(ended.stdout)
    return made


def table(node: Any) -> dict[str, str]:
    """Path patterns and where they lead."""
    found: dict[str, str] = {}
    if isinstance(node, dict):
        for match in node.get("match", []) if "handle" in node else []:
            for path in match.get("path", []):
                (dial,) = re.findall(r'"dial": "([^"]+)"', json.dumps(node["handle"]))
                found[path] = dial
        for value in node.values():
            found |= table(value)
    if isinstance(node, list):
        for value in node:
            found |= table(value)
    return found


def test_the_file_is_one_that_caddy_takes_and_in_its_form() -> None:
    fmt = subprocess.run([str(CADDY), "fmt", str(FILE)], capture_output=True, text=True, check=False)

    assert fmt.stdout == FILE.read_text("utf-8")
    assert containers(SMALL)["gateway"].entry["configs"][0]["target"] == "/etc/caddy/Caddyfile"


def test_its_table_is_that_of_the_local_gateway() -> None:
    http = service("registration").settings.model_fields["http_port"].default
    expected = dict(AT_THE_ROOT)
    expected |= {pattern: name for path, name in BELOW.items() for pattern in (path, f"{path}/*")}

    assert table(adapted(SITE="https://praktik.example.dk")) == {
        path: f"{name}:{http}" for path, name in expected.items()
    }


def test_its_table_is_the_documented_one() -> None:
    pages = [
        page
        for page in (ROOT / "docs").rglob("*.md")
        if "## One address for people" in page.read_text("utf-8")
    ]
    (section,) = [
        page.read_text("utf-8").partition("## One address for people")[2].partition("\n## ")[0]
        for page in pages
    ]
    exactly: dict[str, str] = {}
    below: dict[str, str] = {}
    for paths, to in re.findall(r"^\| (`.*?) \| (.*?) \|$", section, re.MULTILINE):
        for path in re.findall(r"`([^`]+)`", paths):
            if path.endswith("/…"):
                below[path.removesuffix("/…")] = path.split("/")[1]
            elif "below" in paths:
                below[path] = to
            else:
                exactly[path] = to

    assert (exactly, below) == (AT_THE_ROOT, BELOW)


def test_its_own_names_for_the_services_are_those_of_the_containers() -> None:
    variables = set(re.findall(r"\{\$(\w+)", FILE.read_text("utf-8")))

    assert variables - {name.upper() for name in NAMES} <= set(containers(SMALL)["gateway"].environment)
    for name in NAMES:
        assert f"{{${name.upper()}:{name}:8080}}" in FILE.read_text("utf-8")


def test_a_certificate_of_ones_own_takes_the_place_of_a_fetched_one() -> None:
    own = adapted(
        SITE="https://praktik.example.dk", GATEWAY_TLS="tls /certificates/site.crt /certificates/site.key"
    )
    fetched = adapted(SITE="https://praktik.example.dk")

    assert own["apps"]["tls"]["certificates"]["load_files"][0]["certificate"] == "/certificates/site.crt"
    assert "tls" not in fetched["apps"]


async def test_a_request_arrives_as_it_was_sent_with_its_host_and_who_asks(town: Proxied) -> None:
    answer = await town.client.post(
        "/matching/placements/%C3%A6?t=a%20b&x",
        content=b"name=Ida",
        headers={
            "x-forwarded-for": "203.0.113.9",
            "x-forwarded-proto": "https",
            "x-forwarded-host": "elsewhere.example",
            "x-forwarded-port": "1",
            "x-forwarded-prefix": "/x",
            "x-real-ip": "203.0.113.9",
            "forwarded": "for=203.0.113.9",
            "cookie": "ipraktik=1",
            "origin": f"http://{town.base}",
        },
    )

    assert answer.text == "matching"
    (asked,) = town.matching.asked
    assert (asked.method, asked.target, asked.body) == (
        "POST",
        "/matching/placements/%C3%A6?t=a%20b&x",
        b"name=Ida",
    )
    assert asked.header("host") == [town.base]
    assert asked.header("origin") == [f"http://{town.base}"]
    assert asked.header("x-forwarded-for") == ["127.0.0.1"]
    assert asked.header("x-forwarded-proto") == ["http"]
    assert asked.header("cookie") == ["ipraktik=1"]
    for name in ("forwarded", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "x-real-ip"):
        assert asked.header(name) == [], name


@pytest.mark.parametrize(
    "path", ["/", "/was", "/api/v1/interns", "/api/v1/hosts/0193", "/registration/sign-in", "/matching"]
)
async def test_an_address_leads_to_the_service_that_the_local_gateway_leads_to(
    town: Proxied, path: str
) -> None:
    assert (await town.client.get(path)).text == service_of(path)


@pytest.mark.parametrize(
    "path", ["/registrations", "/api/v1/internships", "/api/v1", "/was/", "/elsewhere", "/matchings/x"]
)
async def test_all_other_addresses_lead_nowhere(town: Proxied, path: str) -> None:
    answer = await town.client.get(path)

    assert answer.status_code == 404
    assert "Siden findes ikke" in answer.text
    assert town.registration.asked == town.matching.asked == []


async def test_an_answer_comes_back_as_it_was_given(town: Proxied) -> None:
    moved = await town.client.get("/registration/moved")
    refused = await town.client.post("/registration/refused-early", content=b"x" * 3_000_000)

    assert moved.status_code == 303
    assert moved.headers["location"] == "/matching/next"
    assert moved.headers.get_list("set-cookie") == ["a=1; Path=/", "b=2; HttpOnly"]
    assert refused.status_code == 413


async def test_pieces_of_an_answer_pass_as_they_come(town: Proxied) -> None:
    async with town.client.stream("GET", "/registration/slow") as answer:
        pieces = answer.aiter_raw()
        assert await anext(pieces) == b"first\n"
        town.registration.go_on.set()
        assert b"".join([piece async for piece in pieces]) == b"last\n"


async def test_large_bodies_pass_both_ways(town: Proxied) -> None:
    posted = await town.client.post("/registration/x", content=b"x" * 20_000_000)
    large = await town.client.get("/registration/large")

    assert (posted.status_code, len(town.registration.asked[0].body)) == (200, 20_000_000)
    assert len(large.content) == 8_000_000


async def test_half_an_answer_is_never_taken_for_a_whole_one(town: Proxied) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        await town.client.get("/matching/broken")


async def test_a_service_that_is_down_costs_its_own_addresses_only_and_no_log_learns_a_key(
    town: Proxied,
) -> None:
    down = await town.client.get(
        "/notify/link?token=a-persons-key", headers={"referer": "http://x/?token=another-key"}
    )
    up = await town.client.get("/registration/link?token=a-third-key")

    assert (down.status_code, up.status_code) == (503, 200)
    assert down.headers["retry-after"] == "5"
    assert "Prøv igen om et øjeblik" in down.text
    assert '<section lang="en">' in down.text
    assert town.registration.asked[0].target == "/registration/link?token=a-third-key"
    with pytest.raises(httpx.RemoteProtocolError):
        await town.client.get("/matching/broken?token=a-fourth-key")
    said = town.log.read_text("utf-8")
    assert '"uri":"/matching/broken"' in said, "a failure is said, by its address"
    assert "-key" not in said
    assert "remote_ip" not in said
