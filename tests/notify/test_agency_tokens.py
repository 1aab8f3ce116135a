"""Tokens of agencies: given and taken by coordinators, over HTTP and on the command line, and kept as a digest."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from notify.agency import TOKENS, Agency, bearer
from notify.conftest import Notify

from ipraktik_contracts.topics import CONTACTS, PLACEMENTS


async def test_a_token_is_shown_once_and_kept_as_a_digest(notify: Notify, agency: Agency) -> None:
    made = await agency.token(agency="sitra-2", topics=[PLACEMENTS.name], days=30)
    assert made["token"].startswith("ipf_")
    assert made["state"] == "valid"
    listed = await agency.http.get(TOKENS, params={"agency": "sitra-2"}, headers=agency.as_coordinator)
    assert [one["token_id"] for one in listed.json()["tokens"]] == [made["token_id"]]
    assert made["token"] not in listed.text
    async with notify.rig.database.reading() as conn:
        rows = " ".join(await conn.fetchval("select array_agg(t::text) from agency_token t"))
    assert made["token"] not in rows
    assert made["token"][4:] not in rows


async def test_the_list_tells_what_still_opens_and_when_it_was_last_used(
    notify: Notify, agency: Agency
) -> None:
    old, used, gone = (
        await agency.token(agency="list", days=1),
        await agency.token(agency="list"),
        await agency.token(agency="list"),
    )
    await agency.http.delete(f"{TOKENS}/{gone['token_id']}", headers=agency.as_coordinator)
    notify.rig.clock.advance(timedelta(days=2))
    agency.as_agency = bearer(used["token"])
    for _ in range(2):
        assert (await agency.read()).status_code == 200
    listed: list[dict[str, str]] = []
    after: dict[str, str] = {}
    while True:
        answer = await agency.http.get(
            TOKENS, params={"agency": "list", "limit": "2", **after}, headers=agency.as_coordinator
        )
        listed += answer.json()["tokens"]
        if answer.json()["next"] is None:
            break
        after = {"after": answer.json()["next"]}
    assert [one["token_id"] for one in listed] == [one["token_id"] for one in (old, used, gone)]
    assert [one["state"] for one in listed] == ["expired", "valid", "revoked"]
    assert [one["last_used_on"] for one in listed] == [None, "2018-04-11", None]


async def test_revoking_is_done_once_and_what_is_not_there_is_said(agency: Agency) -> None:
    made = await agency.token()
    path = f"{TOKENS}/{made['token_id']}"
    once = await agency.http.delete(path, headers=agency.as_coordinator)
    again = await agency.http.delete(path, headers=agency.as_coordinator)
    assert once.json() == again.json()
    missing = await agency.http.delete(f"{TOKENS}/{uuid4()}", headers=agency.as_coordinator)
    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/problem+json")


ODD_WISHES: list[dict[str, Any]] = [
    {"agency": "Skat"},
    {"agency": ""},
    {"agency": "a" * 40},
    {"days": 0},
    {"days": 10**6},
    {"topics": [CONTACTS.name]},
    {"topics": ["x"]},
    {"types": ["dk.innovationspraktik.ContactChanged.v1"]},
    {"types": [PLACEMENTS.name] * 100},
    {"other": 1},
]


async def test_an_odd_wish_is_refused(subtests: pytest.Subtests, agency: Agency) -> None:
    for odd in ODD_WISHES:
        with subtests.test(str(odd)):
            answer = await agency.http.post(
                TOKENS, json={"agency": "skat", **odd}, headers=agency.as_coordinator
            )
            assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_an_agency_gives_no_tokens(agency: Agency) -> None:
    for method, path in (("POST", TOKENS), ("GET", TOKENS), ("DELETE", f"{TOKENS}/{uuid4()}")):
        answer = await agency.http.request(method, path, json={"agency": "skat"}, headers=agency.as_agency)
        assert answer.status_code == 401


def _command(url: str, clock: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ipraktik_notify", "agency-token", *arguments],
        env={**os.environ, "DATABASE_URL": url, "LOCAL_STACK": "1", "CLOCK_FILE": str(clock)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_the_command_mints_lists_and_revokes(notify: Notify, agency: Agency, tmp_path: Path) -> None:
    clock = tmp_path / "now"
    clock.write_text(notify.rig.clock.now().isoformat())
    url = notify.rig.database_url
    minted = _command(url, clock, "mint", "--agency", "kommando", "--topic", PLACEMENTS.name, "--days", "9")
    assert minted.returncode == 0, minted.stderr
    agency.as_agency = bearer(minted.stdout.strip())
    assert (await agency.read()).status_code == 200

    listed = _command(url, clock, "list", "--agency", "kommando").stdout
    token_id = listed.split("\t")[0]
    assert listed.split("\t")[1:] == [
        "kommando",
        "until 2018-04-18T08:00:00.001000+00:00",
        PLACEMENTS.name + "\n",
    ]
    assert minted.stdout.strip() not in listed

    assert _command(url, clock, "revoke", token_id).returncode == 0
    assert (await agency.read()).status_code == 401
    assert "revoked" in _command(url, clock, "list", "--agency", "kommando").stdout
    assert _command(url, clock, "revoke", str(uuid4())).returncode == 1
    for odd in (("mint", "--agency", "X"), ("mint", "--agency", "x", "--days", "0")):
        assert _command(url, clock, *odd).returncode == 2
