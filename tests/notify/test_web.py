"""The mail log over HTTP: for coordinators alone, without an address, and the release of held mails."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import jsonschema  # type: ignore[import-untyped]  # published without types
import pytest
from documents import undescribed
from notify.conftest import Notify
from notify.facts import Story

from ipraktik_contracts.events import AgreementSigned
from ipraktik_notify.domain.scope import TYPES
from ipraktik_notify.web.app import create


@pytest.fixture
async def client(notify: Notify) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without a token."""
    transport = httpx.ASGITransport(create(notify.rig.context))
    async with httpx.AsyncClient(transport=transport, base_url="http://notify") as made:
        yield made


@pytest.fixture
def as_coordinator(notify: Notify) -> dict[str, str]:
    """The header of a coordinator."""
    return {"authorization": f"Bearer {notify.rig.coordinator()}"}


async def test_the_log_is_read_page_by_page_and_holds_no_address(
    notify: Notify, story: Story, client: httpx.AsyncClient, as_coordinator: dict[str, str]
) -> None:
    await notify.tell(*story.people(), story.proposed())
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = await client.get(
            "/notify/api/v1/mails", params={"state": "sent", "limit": "3", **after}, headers=as_coordinator
        )
        assert answer.status_code == 200
        assert story.mark not in answer.text
        body = answer.json()
        seen += [mail["mail_id"] for mail in body["mails"]]
        if body["next"] is None:
            break
        after = {"after": body["next"]}
    assert len(seen) == len(set(seen)) == 4

    mine = await client.get(
        "/notify/api/v1/mails", params={"participant_id": str(story.host_id)}, headers=as_coordinator
    )
    assert {mail["kind"] for mail in mine.json()["mails"]} == {"registered", "proposal", "answer_reminder"}


async def test_held_mails_are_released_once(
    notify: Notify, story: Story, client: httpx.AsyncClient, as_coordinator: dict[str, str]
) -> None:
    await notify.tell(story.edition(hold_mails=True), story.contact("intern"), story.registered("intern"))
    path = f"/notify/api/v1/editions/{story.edition_id}/mails/release"
    assert (await client.post(path, headers=as_coordinator)).json() == {"released": 1}
    assert (await client.post(path, headers=as_coordinator)).json() == {"released": 0}
    await notify.rig.run_jobs()
    assert len(notify.received("intern")) == 1


@pytest.mark.parametrize("path", ["/notify/api/v1/mails", "/notify/api/v1/editions/{id}/mails/release"])
async def test_only_a_coordinator_gets_in(
    notify: Notify, story: Story, client: httpx.AsyncClient, path: str
) -> None:
    method = "GET" if path.endswith("mails") else "POST"
    address = path.format(id=uuid4())
    assert (await client.request(method, address)).status_code == 401
    person = notify.rig.link(
        contact_id=story.intern_contact,
        participant_id=story.intern_id,
        acts=["overview"],
        aggregates=[story.intern_id],
        expires_at=datetime(2100, 1, 1, tzinfo=UTC),
    )
    refused = await client.request(method, address, headers={"authorization": f"Bearer {person}"})
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=99999999999999999999", "state=lost", "after=x", "participant_id=%00"],
)
async def test_odd_questions_get_a_problem_and_no_error(
    client: httpx.AsyncClient, as_coordinator: dict[str, str], query: str
) -> None:
    answer = await client.get(f"/notify/api/v1/mails?{query}", headers=as_coordinator)
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_description_of_the_api_names_its_problems_and_its_lock(client: httpx.AsyncClient) -> None:
    described = (await client.get("/notify/openapi.json")).json()
    assert len(described["paths"]) == 12
    for path, operations in described["paths"].items():
        for operation in operations.values():
            assert operation["security"] == [{"HTTPBearer": []}]
            assert operation["summary"]
            assert operation["description"]
            assert set(operation["responses"]) >= {"401", "403", "422", "503"}
            assert set(operation["responses"]) & {"200", "201", "204"}
            for status, response in operation["responses"].items():
                if status in ("204", "304"):
                    assert "content" not in response
                    continue
                good = "cloudevents-batch+json" if path == "/api/v1/events" else "json"
                wanted = f"application/{good}" if status in ("200", "201") else "application/problem+json"
                assert list(response["content"]) == [wanted], (path, status)


async def test_no_field_and_no_parameter_is_left_to_guess(client: httpx.AsyncClient) -> None:
    described = (await client.get("/notify/openapi.json")).json()
    assert "/notify/api/v1/webhooks" in described["paths"]
    assert undescribed(described) == []


async def test_the_feed_is_described_with_its_headers_and_an_example(client: httpx.AsyncClient) -> None:
    described = (await client.get("/notify/openapi.json")).json()["paths"]["/api/v1/events"]["get"]
    good = described["responses"]["200"]
    assert set(good["headers"]) == {"Link", "Feed-Cursor", "Feed-Behind", "ETag"}
    content = good["content"]["application/cloudevents-batch+json"]
    assert content["schema"]["type"] == "array"
    (example,) = content["example"]
    jsonschema.validate([example], content["schema"])
    data = AgreementSigned.model_validate_json(json.dumps(example["data"]))
    assert (data.ce_type(), data.key, data.schema_id()) == (
        example["type"],
        example["subject"],
        example["dataschema"],
    )
    types = next(one for one in described["parameters"] if one["name"] == "type")
    assert types["schema"]["items"]["enum"] == list(TYPES)
