"""The gate refuses what would break a reader or a record ever released, lets through what breaks nobody, and says why."""

import copy

import pytest
from contracts.breaking import REFUSED
from contracts.edits import (
    CONTACTS,
    PLACEMENTS,
    STATUS,
    TODAY,
    Change,
    after,
    field,
    found,
    gone,
    lifecycle,
    new_field,
    schemas,
    setting,
)

from ipraktik_contracts.gate.breach import WAYS_OUT
from ipraktik_contracts.gate.checking import breaches
from ipraktik_contracts.gate.contract import Contract


@pytest.mark.parametrize(
    ("change", "expected"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_what_would_break_somebody_is_refused(change: Change, expected: tuple[str, str, str]) -> None:
    assert expected in found(after(change))


@pytest.mark.parametrize(
    ("change", "expected"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED]
)
def test_the_refusal_names_event_field_rule_and_the_way_out(
    change: Change, expected: tuple[str, str, str]
) -> None:
    event, path, rule = expected
    [said] = {
        str(one)
        for one in breaches(after(change), {TODAY.version: TODAY})
        if (one.event, one.field, one.rule) == expected
    }
    where = f"{event}.{path}" if path else event
    assert said.startswith(f"{where}: ")
    assert f"[{rule}, promised in " in said
    assert said.endswith(f"Way out: {WAYS_OUT[rule]}.")
    assert "\n" not in said


def test_every_rule_for_a_change_is_proved_by_a_change() -> None:
    elsewhere = {"example-unreadable", "released-altered", "version-not-raised"}
    assert {one[2][2] for one in REFUSED} == set(WAYS_OUT) - elsewhere


def new_event(contract: Contract) -> None:
    contract.registry["types"]["StayPrepared"] = contract.registry["types"]["MatchAccepted"] | {
        "ce_type": "dk.innovationspraktik.StayPrepared.v1"
    }
    for one in (contract.producers, contract.readers):
        one["StayPrepared"] = copy.deepcopy(one["MatchAccepted"])  # type: ignore[index]  # a copy of our own


def definitions_called_otherwise(contract: Contract) -> None:
    for schema in schemas(contract, "ParticipantUpdated"):
        schema["$defs"]["Place"] = schema["$defs"].pop("Workplace")
        schema["properties"]["workplace"]["$ref"] = "#/$defs/Place"


def in_another_order(contract: Contract) -> None:
    for schema in schemas(contract, "MatchAccepted"):
        schema["properties"] = dict(reversed(schema["properties"].items()))
        schema["required"].reverse()
        schema["properties"]["party"]["enum"].reverse()


def another_header(contract: Contract) -> None:
    for schema in schemas(contract, "Headers"):
        schema["properties"]["ce_deprecated"] = {"type": "string", "const": "true"}


def as_a_list_of_types(contract: Contract) -> None:
    for schema in schemas(contract, "MatchProposed"):
        node = schema["properties"]["run_id"]
        node.pop("anyOf")
        node.update(type=["string", "null"], format="uuid")


HARMLESS: list[tuple[str, Change]] = [
    ("nothing but the version", lambda contract: None),
    (
        "a field with a default",
        new_field("MatchProposed", "urgency", STATUS | {"default": "a"}, required=False),
    ),
    (
        "a field with a default inside a value",
        new_field("ParticipantUpdated", "workplace.floor", STATUS | {"default": "a"}, required=False),
    ),
    ("a new event", new_event),
    (
        "a new topic",
        lambda contract: contract.registry["topics"].update(
            {"innovationspraktik.workshops.v1": contract.registry["topics"][PLACEMENTS]}
        ),
    ),
    (
        "better words",
        field(
            "MatchAccepted", "party", description="Who of the two said yes.", title="Party", examples=["host"]
        ),
    ),
    ("a remark of our own", field("MatchAccepted", "party", x_glossary="part")),
    ("a field is marked as deprecated", field("MatchProposed", "reasons", deprecated=True)),
    ("definitions have other names", definitions_called_otherwise),
    ("fields and values in another order", in_another_order),
    ("null said in another way", as_a_list_of_types),
    ("a header more", another_header),
    (
        "readers can do without a field that is always written",
        lambda contract: contract.readers["MatchNotFound"]["required"].remove("final"),
    ),
    ("a topic takes larger batches", setting(PLACEMENTS, "max.message.bytes", str(4 * 1_048_576))),
    (
        "requests are kept longer",
        setting("innovationspraktik.internal.requests.v1", "retention.ms", "-1"),
    ),
    ("erasure becomes quicker", setting(CONTACTS, "max.compaction.lag.ms", "3600000")),
    ("another segment size", setting(CONTACTS, "segment.ms", "3600000")),
    (
        "a step more in a lifecycle",
        lifecycle(
            "placement",
            lambda one: one["transitions"].append(
                {"event": "StayPrepared", "before": "signed", "after": "signed", "condition": None}
            ),
        ),
    ),
]


@pytest.mark.parametrize("change", [one[1] for one in HARMLESS], ids=[one[0] for one in HARMLESS])
def test_what_breaks_nobody_is_let_through(change: Change) -> None:
    assert found(after(change)) == []


def test_every_released_version_of_the_major_is_asked_not_only_the_newest() -> None:
    without = copy.deepcopy(TODAY)
    gone("MatchProposed", "reasons")(without)
    without.registry["version"] = "1.1.0"
    said = breaches(without, {"1.0.0": TODAY, "1.1.0": without})
    assert ("MatchProposed", "reasons", "1.0.0") in {(one.event, one.field, one.since) for one in said}


def test_a_new_major_starts_anew() -> None:
    assert found(after(gone("MatchProposed", "reasons"), version="2.0.0")) == []


def test_a_released_example_that_no_longer_decodes_is_a_breach() -> None:
    old = copy.deepcopy(TODAY)
    old.examples["examples/MatchAccepted.v1.json"]["body"]["party"] = "sponsor"
    [said] = breaches(TODAY, {TODAY.version: old})[:1]
    assert (said.event, said.rule) == ("MatchAccepted", "example-unreadable")


@pytest.mark.parametrize(
    ("version", "changes"),
    [
        (TODAY.version, [field("MatchAccepted", "party", description="Who of the two said yes.")]),
        ("0.9.0", []),
        ("1.0.1", [new_event]),
        ("1.0.1", [new_field("MatchProposed", "urgency", STATUS | {"default": "a"}, required=False)]),
    ],
    ids=["words under a released version", "a lower version", "an event in a patch", "a field in a patch"],
)
def test_a_change_without_its_version_is_refused(version: str, changes: list[Change]) -> None:
    released = copy.deepcopy(TODAY)
    released.registry["version"] = "1.0.0"
    changed = after(*changes, version=version)
    said = breaches(changed, {"1.0.0": released})
    assert [one.rule for one in said] == ["version-not-raised"]


def test_words_alone_need_the_last_number_only() -> None:
    better = field("MatchAccepted", "party", description="Who of the two said yes.")
    released = copy.deepcopy(TODAY)
    released.registry["version"] = "1.0.0"
    assert breaches(after(better, version="1.0.1"), {"1.0.0": released}) == []
