"""Webhooks over HTTP: made by an agency within its token's scope or by a coordinator, seen by nobody else, refused with the mend."""

from typing import Any
from uuid import uuid4

import pytest
from notify.agency import WEBHOOKS, Agency, say
from notify.conftest import Notify
from notify.facts import Story

from ipraktik_contracts.events import AgreementSigned, MatchProposed
from ipraktik_contracts.topics import PARTICIPANTS, PLACEMENTS
from ipraktik_notify.usecases.make_webhook import MOST_PER_AGENCY

SIGNED, PROPOSED = AgreementSigned.ce_type(), MatchProposed.ce_type()
PROBLEM = "application/problem+json"
URL = "http://127.0.0.1:9/in"


@pytest.fixture
def notify_settings() -> dict[str, Any]:
    """The addresses here are never called."""
    return {"webhook_allow_networks": "127.0.0.0/8"}


async def test_a_webhook_is_active_at_once_and_shows_its_secret_once(agency: Agency) -> None:
    made = await agency.webhook(URL, types=[SIGNED], language="en")
    assert made["secret"].startswith("whsec_")
    assert (made["agency"], made["state"], made["after"], made["behind"]) == ("skat", "active", "0", 0)
    assert made["types"] == [SIGNED]
    for path in (WEBHOOKS, f"{WEBHOOKS}/{made['webhook_id']}"):
        answer = await agency.http.get(path, headers=agency.as_agency)
        assert answer.status_code == 200
        assert made["webhook_id"] in answer.text
        assert 'secret"' not in answer.text
        assert made["secret"] not in answer.text


async def test_an_agency_sees_and_does_only_what_is_its_own(agency: Agency) -> None:
    theirs = await agency.webhook(URL)
    stranger = await agency.headers(agency="atp")
    path = f"{WEBHOOKS}/{theirs['webhook_id']}"
    for method, where, body in (
        ("GET", path, None),
        ("PATCH", path, {"language": "en"}),
        ("DELETE", path, None),
        ("POST", f"{path}/pause", None),
        ("POST", f"{path}/resume", None),
        ("POST", f"{path}/test", None),
        ("POST", f"{path}/secret", {}),
        ("GET", f"{path}/deliveries", None),
    ):
        answer = await agency.http.request(method, where, json=body, headers=stranger)
        assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)
        missing = await agency.http.request(
            method, where.replace(theirs["webhook_id"], str(uuid4())), json=body, headers=agency.as_agency
        )
        assert missing.json() == answer.json()  # whether it is there is not to be told apart
        nobody = await agency.http.request(method, where, json=body)
        assert nobody.status_code == 401
    assert (await agency.http.get(WEBHOOKS, headers=stranger)).json() == {"webhooks": [], "next": None}
    odd = await agency.http.get(WEBHOOKS, params={"agency": "skat"}, headers=stranger)
    assert odd.status_code == 403
    posing = {"url": URL, "owner_email": "a@example.org", "agency": "skat"}
    answer = await agency.http.post(WEBHOOKS, json=posing, headers=stranger)
    assert answer.status_code == 403


async def test_a_coordinator_acts_for_any_agency_and_must_say_for_which(agency: Agency) -> None:
    body = {"url": URL, "owner_email": "a@example.org"}
    refused = await agency.http.post(WEBHOOKS, json=body, headers=agency.as_coordinator)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "agency")
    made = await agency.webhook(URL, headers=agency.as_coordinator, agency="skat")
    assert made["created_by"] == "coordinator"
    assert (await agency.shown(made))["webhook_id"] == made["webhook_id"]
    await agency.webhook(URL, headers=agency.as_coordinator, agency="atp")
    for agency_name, count in (("skat", 1), ("atp", 1), ("other", 0)):
        listed = await agency.http.get(
            WEBHOOKS, params={"agency": agency_name}, headers=agency.as_coordinator
        )
        assert len(listed.json()["webhooks"]) == count


async def test_a_webhook_gets_no_more_than_its_token_opens(agency: Agency) -> None:
    narrow = await agency.headers(topics=[PLACEMENTS.name])
    made = await agency.webhook(URL, headers=narrow)
    assert made["topics"] == [PLACEMENTS.name]  # who asks for nothing in particular gets what the token opens
    made = await agency.webhook(URL, headers=narrow, types=[SIGNED])
    assert (made["topics"], made["types"]) == ([], [SIGNED])
    body = {"url": URL, "owner_email": "a@example.org", "topics": [PARTICIPANTS.name]}
    refused = await agency.http.post(WEBHOOKS, json=body, headers=narrow)
    assert (refused.status_code, refused.headers["content-type"]) == (403, PROBLEM)


async def test_the_list_is_read_page_by_page(agency: Agency) -> None:
    made = [(await agency.webhook(URL))["webhook_id"] for _ in range(5)]
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = await agency.http.get(WEBHOOKS, params={"limit": "2", **after}, headers=agency.as_agency)
        seen += [one["webhook_id"] for one in answer.json()["webhooks"]]
        if answer.json()["next"] is None:
            break
        after = {"after_id": answer.json()["next"]}
    assert seen == made


async def test_an_agency_may_have_so_many(agency: Agency) -> None:
    for _ in range(MOST_PER_AGENCY):
        await agency.webhook(URL)
    body = {"url": URL, "owner_email": "a@example.org"}
    refused = await agency.http.post(WEBHOOKS, json=body, headers=agency.as_agency)
    assert (refused.status_code, refused.headers["content-type"]) == (409, PROBLEM)
    assert "delete one" in refused.json()["detail"]


ODD_WISHES: list[tuple[dict[str, Any], str]] = [
    ({"url": "ftp://127.0.0.1/"}, "url"),
    ({"url": "https://x.example.org/#a"}, "url"),
    ({"url": "https://x.example.org/" + "a" * 1000}, "url"),
    ({"url": 7}, "url"),
    ({"url": "https://no-such-host.invalid/"}, "url"),
    ({"owner_email": "nobody"}, "owner_email"),
    ({"owner_email": "a@b\r\nBcc: c@d"}, "owner_email"),
    ({"owner_email": "a" * 300 + "@example.org"}, "owner_email"),
    ({"language": "sv"}, "language"),
    ({"types": ["x"]}, "types.0"),
    ({"topics": ["innovationspraktik.internal.contacts.v1"]}, "topics.0"),
    ({"after": "latest"}, "after"),
    ({"agency": "SKAT"}, "agency"),
    ({"secret": "whsec_abc"}, "secret"),
]


async def test_an_odd_wish_is_refused_by_the_name_of_its_field(
    subtests: pytest.Subtests, agency: Agency
) -> None:
    for odd, field in ODD_WISHES:
        with subtests.test(str(odd)):
            body = {"url": URL, "owner_email": "drift@example.org", **odd}
            answer = await agency.http.post(WEBHOOKS, json=body, headers=agency.as_agency)
            assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
            assert [one["field"] for one in answer.json()["errors"]] == [field]
            assert "Bcc" not in answer.text


async def test_a_cursor_that_is_not_of_this_log_makes_no_webhook_and_moves_none(
    notify: Notify, agency: Agency
) -> None:
    await say(notify, Story().edition())
    cursor = (await agency.read()).headers["feed-cursor"]
    made = await agency.webhook(URL, after=cursor)
    assert (made["after"], made["behind"]) == (cursor, 0)
    for odd in ("7." + "0" * 8, cursor[:-1] + ("0" if cursor[-1] != "0" else "1")):
        body = {"url": URL, "owner_email": "a@example.org", "after": odd}
        refused = await agency.http.post(WEBHOOKS, json=body, headers=agency.as_agency)
        assert (refused.status_code, refused.headers["content-type"]) == (409, PROBLEM)
        path = f"{WEBHOOKS}/{made['webhook_id']}"
        refused = await agency.http.patch(path, json={"after": odd}, headers=agency.as_agency)
        assert refused.status_code == 409
    assert (await agency.shown(made))["after"] == cursor


async def test_what_is_changed_is_changed_and_the_rest_stays(agency: Agency) -> None:
    made = await agency.webhook(URL)
    path = f"{WEBHOOKS}/{made['webhook_id']}"
    answer = await agency.http.patch(
        path, json={"owner_email": "ny@example.org", "language": "en"}, headers=agency.as_agency
    )
    changed = {**answer.json()}
    assert (changed.pop("owner_email"), changed.pop("language")) == ("ny@example.org", "en")
    before = {name: made[name] for name in changed if name != "changed_at"}
    assert {name: changed[name] for name in before} == before
    for odd in ({"url": "https://127.1/"}, {"owner_email": "x"}, {"state": "active"}):
        refused = await agency.http.patch(path, json=odd, headers=agency.as_agency)
        assert refused.status_code == 422


async def test_a_test_is_not_to_be_used_as_a_hammer(agency: Agency) -> None:
    made = await agency.webhook(URL)
    path = f"{WEBHOOKS}/{made['webhook_id']}/test"
    statuses = [(await agency.http.post(path, headers=agency.as_agency)).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]


async def test_the_delivery_log_is_read_newest_first_and_by_outcome(agency: Agency) -> None:
    made = await agency.webhook(URL)
    sent = [(await agency.act(made, "test"))["message_id"] for _ in range(5)]
    path = f"{WEBHOOKS}/{made['webhook_id']}/deliveries"
    seen: list[str] = []
    before: dict[str, str] = {}
    while True:
        answer = await agency.http.get(path, params={"limit": "2", **before}, headers=agency.as_agency)
        seen += [one["message_id"] for one in answer.json()["deliveries"]]
        if answer.json()["next"] is None:
            break
        before = {"before": str(answer.json()["next"])}
    assert seen == list(reversed(sent))
    only = await agency.http.get(path, params={"outcome": "delivered"}, headers=agency.as_agency)
    assert only.json() == {"deliveries": [], "next": None}
    for odd in ("before=0", "before=99999999999999999999", "limit=0", "limit=1000000", "outcome=X"):
        assert (await agency.http.get(f"{path}?{odd}", headers=agency.as_agency)).status_code == 422
