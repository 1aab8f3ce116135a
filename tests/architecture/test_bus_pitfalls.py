"""Pitfalls of the bus that reading the source holds off; the others are in tests/chassis/test_pitfalls.py."""

import pytest
from architecture.bus_lint import every_subscriber_says_how, no_dangerous_names, only_nack_on_error
from architecture.tree import Module, all_modules, said


def test_p02_p06_nothing_dangerous_of_faststream_is_used() -> None:
    offences = no_dangerous_names(all_modules())
    assert not offences, said(offences)


def test_p03_p04_the_only_policy_named_is_the_one_that_hands_back_what_failed() -> None:
    offences = only_nack_on_error(all_modules())
    assert not offences, said(offences)


def test_p05_every_subscriber_says_its_policy_its_group_and_where_it_begins() -> None:
    offences = every_subscriber_says_how(all_modules())
    assert not offences, said(offences)


@pytest.mark.parametrize(
    "text",
    [
        "from faststream import ExceptionMiddleware",
        "import faststream\nm = faststream.ExceptionMiddleware()",
        "async def f(broker):\n    await broker.publish_batch(1, 2)",
        "async def f(broker):\n    await getattr(broker, 'publish_batch')(1)",
    ],
)
def test_dangerous_names_are_refused(text: str) -> None:
    assert no_dangerous_names([Module("odd", text)])


@pytest.mark.parametrize("policy", ["ACK", "ACK_FIRST", "REJECT_ON_ERROR", "MANUAL", "DO_NOTHING"])
def test_other_policies_are_refused(policy: str) -> None:
    assert only_nack_on_error([Module("odd", f"policy = AckPolicy.{policy}")])
    assert only_nack_on_error([Module("odd", f"import faststream\np = faststream.AckPolicy.{policy}")])


def test_a_subscriber_that_leaves_it_to_faststream_is_refused() -> None:
    offences = every_subscriber_says_how([Module("odd", "s = broker.subscriber('t', group_id='g')")])
    assert len(offences) == 2
    assert "ack_policy" in offences[0]
    assert "auto_offset_reset" in offences[1]


def test_the_lints_see_the_one_subscriber_there_is() -> None:
    (consumer,) = [module for module in all_modules() if module.name == "ipraktik_chassis.consumer"]
    assert every_subscriber_says_how([consumer]) == []
    assert only_nack_on_error([consumer]) == []
    broken = Module("odd", consumer.text.replace("AckPolicy.NACK_ON_ERROR", "AckPolicy.ACK"))
    assert len(only_nack_on_error([broken])) == 2
