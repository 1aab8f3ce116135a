"""How often a network may sign people up by program: generously, and not without end; a season on one machine is left alone."""

import uuid
from dataclasses import replace

import httpx
from prometheus_client import CollectorRegistry
from registration.desk import Desk, host, intern
from rig import Rig

from ipraktik_registration.web.app import create
from ipraktik_registration.web.sign_up_api import AT_ONCE


async def test_a_network_that_signs_up_without_end_has_to_wait_whatever_it_sends(rig: Rig) -> None:
    settings = rig.context.settings.model_copy(update={"local_stack": False})
    app = create(replace(rig.context, settings=settings, registry=CollectorRegistry()))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk") as client:
        seen = [
            (
                await client.post(f"/api/v1/{role}", json={}, headers={"idempotency-key": str(uuid.uuid4())})
            ).status_code
            for role in ("interns", "hosts") * (AT_ONCE // 2)
        ]
        refused = await client.post(
            "/api/v1/hosts", json=host(), headers={"idempotency-key": str(uuid.uuid4())}
        )
        document = (await client.get("/registration/openapi.json")).json()
    assert set(seen) == {422}
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert int(refused.headers["retry-after"]) > 0
    for role in ("interns", "hosts"):
        assert "429" in document["paths"][f"/api/v1/{role}"]["post"]["responses"]


async def test_on_the_local_stack_a_whole_season_comes_from_one_machine(desk: Desk) -> None:
    await desk.open_edition()
    assert {(await desk.post(intern())).status_code for _ in range(AT_ONCE + 1)} == {201}
