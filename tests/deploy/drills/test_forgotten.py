"""What is explained by people who were forgotten before Kafka was lost, and what is a loss."""

from deploy.drills.forgotten import beside_the_forgotten

from ipraktik_contracts.topics import CONTACTS, PARTICIPANTS

ERASED = {(CONTACTS.name, "a"), (CONTACTS.name, "b")}
OF_A = f"registration: {CONTACTS.name} a was said 3 times; on the topic: 1"
OF_B = f"registration: {CONTACTS.name} b was said 2 times; on the topic: 1"


def test_bodies_of_the_forgotten_are_accounted_for_to_the_number() -> None:
    findings = [
        OF_A,
        OF_B,
        "events committed: 100; different ones on the topics: 97",
        "notify: events that took effect and stand on no topic: 3",
    ]
    assert beside_the_forgotten(findings, erased=ERASED) == []


def test_everything_else_is_a_loss() -> None:
    for loss in (
        f"registration: {CONTACTS.name} c was said 2 times; on the topic: 1",
        f"registration: {PARTICIPANTS.name} a was said 2 times; on the topic: 1",
        "events committed: 100; different ones on the topics: 96",
        "notify: events that took effect and stand on no topic: 4",
        "registration: events that took effect and stand on no topic: 1",
        "matching: 1 record is parked",
    ):
        assert beside_the_forgotten([OF_A, OF_B, loss], erased=ERASED) == [loss]
