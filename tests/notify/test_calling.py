"""Whom webhooks call and whom never: private addresses in every disguise, names that turn out private, certificates that do not hold."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from notify.agency import WEBHOOKS, Agency, say, settled
from notify.certificates import authority, server_context
from notify.conftest import Notify
from notify.facts import Story
from notify.receiver import Receiver, receiving

from ipraktik_notify.delivering.calling import Caller, trusting
from ipraktik_notify.delivering.gate import Gate, system_resolver
from ipraktik_notify.domain.addresses import networks
from ipraktik_notify.domain.callback import Callback
from ipraktik_notify.usecases.settle_attempt import Answer

NAME = "events.example.test"
PUBLIC = "1.1.1.1"


class Names:
    """A resolver that answers as a test says, each time the next; and counts."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


async def _post(
    url: str, *answers: Sequence[str], named: str = "", ca: Path | None = None, seconds: float = 2
) -> tuple[Answer, Names]:
    names = Names(*answers)
    caller = Caller(Gate(networks(named), names), trusting(ca), seconds, time.monotonic)
    line = caller.line(Callback.parse(url))
    try:
        return await line.post(b"{}", headers={"webhook-id": "x"}), names
    finally:
        await line.close()


DISGUISES = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "https://127.0.0.1:{port}/",
    "https://127.1:{port}/",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://0177.0.0.1:{port}/",
    "https://0.0.0.0:{port}/",
    "https://0:{port}/",
    "https://[::1]:{port}/",
    "https://[::]:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[::ffff:7f00:1]:{port}/",
    "https://[64:ff9b::7f00:1]:{port}/",
    "https://[fe80::1]:{port}/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.1/",
    "https://192.168.1.1/",
    "https://localhost.:{port}/",
    "https://public.example@127.0.0.1:{port}/",
]


async def test_a_webhook_to_a_private_address_is_refused_in_every_disguise(
    subtests: pytest.Subtests, agency: Agency, receiver: Receiver
) -> None:
    for url in DISGUISES:
        with subtests.test(str(url)):
            body = {"url": url.format(port=receiver.port), "owner_email": "drift@example.org"}
            answer = await agency.http.post(WEBHOOKS, json=body, headers=agency.as_agency)
            assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
            (error,) = answer.json()["errors"]
            assert error["field"] == "url"
            assert error["message"].endswith(".")
            assert receiver.connections == 0


@pytest.mark.parametrize(
    ("addresses", "told"),
    [
        (["10.1.2.3"], "not public"),
        ([PUBLIC, "10.1.2.3"], "not public"),
        (["2606:4700::1111", "::ffff:10.1.2.3"], "not public"),
        (["fe80::1%eth0"], "not public"),
        ([], "looked up"),
    ],
)
async def test_a_name_that_leads_to_a_private_address_is_refused_when_the_webhook_is_made(
    agency: Agency, addresses: list[str], told: str
) -> None:
    caller = agency.app.state.caller
    agency.app.state.caller = replace(caller, gate=Gate((), Names(addresses)))
    body = {"url": f"https://{NAME}/in", "owner_email": "drift@example.org"}
    answer = await agency.http.post(WEBHOOKS, json=body, headers=agency.as_agency)
    assert answer.status_code == 422
    assert told in answer.json()["errors"][0]["message"]


async def test_plain_http_is_for_named_networks_alone(agency: Agency) -> None:
    caller = agency.app.state.caller
    agency.app.state.caller = replace(caller, gate=Gate(networks("10.20.0.0/16"), Names([PUBLIC])))
    body = {"url": f"http://{NAME}/in", "owner_email": "drift@example.org"}
    answer = await agency.http.post(WEBHOOKS, json=body, headers=agency.as_agency)
    assert "https://" in answer.json()["errors"][0]["message"]
    agency.app.state.caller = replace(caller, gate=Gate(networks("10.20.0.0/16"), Names(["10.20.1.1"])))
    assert (await agency.http.post(WEBHOOKS, json=body, headers=agency.as_agency)).status_code == 201


async def test_a_name_that_has_become_private_since_is_not_called_and_the_log_says_why(
    notify: Notify, agency: Agency, receiver: Receiver
) -> None:
    """When it was made the name was public; when it is called, the machine's own resolver says otherwise."""
    caller = agency.app.state.caller
    agency.app.state.caller = replace(caller, gate=Gate((), Names([PUBLIC])))
    webhook = await agency.webhook(f"https://localhost:{receiver.port}/in")
    agency.app.state.caller = caller
    await say(notify, Story().edition())
    await settled(notify)
    tested = await agency.act(webhook, "test")
    assert (tested["outcome"], tested["status"]) == ("private_address", None)
    assert {one["outcome"] for one in await agency.deliveries(webhook)} == {"private_address"}
    assert len(await agency.deliveries(webhook)) == 2
    assert receiver.connections == 0


async def test_the_connection_goes_to_the_address_that_was_checked_and_not_to_the_name_again(
    receiver: Receiver,
) -> None:
    """Nobody else knows the name, and it is asked for once: what answers differently the second time is not heard."""
    url = f"http://{NAME}:{receiver.port}/in"
    answer, names = await _post(url, ["127.0.0.1"], ["10.9.9.9"], named="127.0.0.1/32")
    assert (answer.outcome, answer.status) == ("delivered", 204)
    assert names.asked == [NAME]
    assert receiver.came[0].headers["host"] == f"{NAME}:{receiver.port}"


async def test_one_private_address_among_many_is_enough_to_refuse(receiver: Receiver) -> None:
    url = f"https://{NAME}:{receiver.port}/in"
    for addresses in ([PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], ["::ffff:127.0.0.1"], ["0.0.0.0"]):  # noqa: S104 - refused
        answer, _ = await _post(url, addresses)
        assert answer.outcome == "private_address"
    answer, _ = await _post(f"http://{NAME}/", [PUBLIC])
    assert answer.outcome == "not_encrypted"
    answer, _ = await _post(f"http://{NAME}/", [PUBLIC, "10.20.0.1"], named="10.20.0.0/16")
    assert answer.outcome == "not_encrypted"
    answer, _ = await _post(f"https://{NAME}/", [])
    assert answer.outcome == "no_such_host"
    assert receiver.connections == 0


async def test_the_next_address_is_tried_where_one_does_not_answer(receiver: Receiver) -> None:
    url = f"http://{NAME}:{receiver.port}/in"
    answer, _ = await _post(url, ["127.0.0.2", "127.0.0.1"], named="127.0.0.0/8")
    assert answer.outcome == "delivered"


async def test_an_encrypted_receiver_must_have_the_names_certificate_from_somebody_believed(
    tmp_path: Path,
) -> None:
    ca, key = authority(tmp_path)
    right = server_context(tmp_path, key, name=NAME)
    other = server_context(tmp_path, key, name="other.example.test")
    async with receiving(tls=right) as receiver:
        url = f"https://{NAME}:{receiver.port}/in"
        answer, _ = await _post(url, ["127.0.0.1"], named="127.0.0.0/8", ca=ca)
        assert (answer.outcome, answer.status) == ("delivered", 204)
        answer, _ = await _post(url, ["127.0.0.1"], named="127.0.0.0/8")
        assert answer.outcome == "bad_certificate"
        answer, _ = await _post(
            f"https://127.0.0.1:{receiver.port}/in", ["127.0.0.1"], named="127.0.0.0/8", ca=ca
        )
        assert answer.outcome == "bad_certificate"
    async with receiving(tls=other) as receiver:
        url = f"https://{NAME}:{receiver.port}/in"
        answer, _ = await _post(url, ["127.0.0.1"], named="127.0.0.0/8", ca=ca)
        assert answer.outcome == "bad_certificate"
        assert receiver.came == []


async def test_the_machines_resolver_knows_addresses_and_names() -> None:
    assert await system_resolver("127.0.0.1", 80) == ["127.0.0.1"]
    assert {*await system_resolver("localhost", 80)} <= {"127.0.0.1", "::1"}
    with pytest.raises(OSError):
        await system_resolver("no-such-host.invalid", 80)
