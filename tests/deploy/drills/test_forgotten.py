"""What is explained by people who were forgotten before Kafka was lost, and what is a loss."""

from deploy.drills.forgotten import beside_the_forgotten

from ipraktik_contracts.topics import CONTACTS, PARTICIPANTS

ERASED = {(CONTACTS.name, "a"), (CONTACTS.name, "b")}
OF_A = f"registration: {CONTACTS.name} a was said 3 times, 1 stand on the topic"
OF_B = f"registration: {CONTACTS.name} b was said 2 times, 1 stand on the topic"


def test_bodies_of_the_forgotten_are_accounted_for_to_the_number() -> None:
    findings = [
        OF_A,
        OF_B,
        "100 events were committed, 97 different ones stand on the topics",
        "notify: 3 events took effect that stand on no topic",
    ]
    assert beside_the_forgotten(findings, erased=ERASED) == []


def test_everything_else_is_a_loss() -> None:
    for loss in (
        f"registration: {CONTACTS.name} c was said 2 times, 1 stand on the topic",
        f"registration: {PARTICIPANTS.name} a was said 2 times, 1 stand on the topic",
        "100 events were committed, 96 different ones stand on the topics",
        "notify: 4 events took effect that stand on no topic",
        "registration: 1 events took effect that stand on no topic",
        "matching: 1 records are parked",
    ):
        assert beside_the_forgotten([OF_A, OF_B, loss], erased=ERASED) == [loss]
