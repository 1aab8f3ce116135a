"""Who may do what by which link, and what the OpenAPI document promises."""

import uuid
from typing import Any

import pytest
from documents import undescribed
from registration.desk import ACTS, Desk, bearer, host, intern

ROUTES = [
    ("POST", "/confirmation", "confirm"),
    ("POST", "/consent", "consent"),
    ("POST", "/pair", "pair"),
    ("POST", "/withdrawal", "withdraw"),
    ("GET", "", "overview"),
    ("PUT", "", "update"),
    ("DELETE", "", "erase"),
]


@pytest.mark.parametrize(("method", "route", "act"), ROUTES)
async def test_a_link_opens_its_own_acts_on_its_own_sign_up_only(
    desk: Desk, method: str, route: str, act: str
) -> None:
    await desk.open_edition()
    mine, other = await desk.register(intern()), await desk.register(intern())
    address = f"/registration/api/v1/sign-ups/{mine}{route}"
    contact_id, epoch = await desk.contact(mine, "manager" if act == "consent" else "self")

    async def status(token: str | None) -> int:
        headers = {} if token is None else bearer(token)
        answer = await desk.client.request(method, address, headers=headers, json={"agree": True})
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code

    wrong_acts = [one for acts in ACTS.values() for one in acts if one != act]
    link = desk.rig.link
    mine_only: dict[str, Any] = {"participant_id": mine, "aggregates": [mine], "epoch": epoch}
    assert await status(None) == 401
    assert await status("nonsense") == 401
    assert await status(link(contact_id=contact_id, acts=wrong_acts, **mine_only)) == 403
    assert await status(await desk.link(other)) == 403
    expired = link(contact_id=contact_id, acts=[act], expires_at=desk.rig.clock.now(), **mine_only)
    assert await status(expired) == 410
    assert await status(link(contact_id=uuid.uuid4(), acts=[act], **mine_only)) == 410
    someone, _ = await desk.contact(mine, "self" if act == "consent" else "manager")
    assert await status(link(contact_id=someone, acts=[act], **mine_only)) == 403
    assert await desk.state(mine) == "registered"


async def test_a_reserve_does_not_act_for_the_owner(desk: Desk) -> None:
    await desk.open_edition()
    participant_id = await desk.register(host())
    token = await desk.link(participant_id, relation="reserve")
    address = f"/registration/api/v1/sign-ups/{participant_id}"
    assert (await desk.client.delete(address, headers=bearer(token))).status_code == 403


async def test_no_field_and_no_parameter_is_left_to_guess(desk: Desk) -> None:
    document = (await desk.client.get("/registration/openapi.json")).json()
    assert "/api/v1/interns" in document["paths"]
    assert undescribed(document) == []


async def test_the_openapi_document_holds_everything_it_refers_to(desk: Desk) -> None:
    document = (await desk.client.get("/registration/openapi.json")).json()
    schemas = document["components"]["schemas"]
    assert {"InternSent", "HostSent", "ProblemDetails", "EditionSent"} <= schemas.keys()

    def refs(part: object) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [one for value in part.values() for one in refs(value)]
        return [one for value in part for one in refs(value)] if isinstance(part, list) else []

    assert {one.rpartition("/")[2] for one in refs(document)} <= schemas.keys()
    post = document["paths"]["/api/v1/interns"]["post"]
    assert set(post["responses"]) >= {"200", "201", "409", "413", "415", "422", "503"}
    for paths in document["paths"].values():
        for operation in paths.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"]
