"""What would break somebody: each change with the event, the field and the rule that the gate must name."""

from contracts.edits import (
    CONTACTS,
    PARTICIPANTS,
    PLACEMENTS,
    STATUS,
    Change,
    default_of,
    entry,
    event_called,
    field,
    gone,
    in_readers,
    left_out_by_producers,
    lifecycle,
    never_null,
    new_field,
    no_event,
    no_topic,
    nullable,
    renamed,
    required_of_readers,
    schemas,
    setting,
    step_to,
    topic,
)

REFUSED: list[tuple[str, Change, tuple[str, str, str]]] = [
    ("a field is removed", gone("MatchProposed", "origin"), ("MatchProposed", "origin", "field-removed")),
    (
        "an optional field is removed",
        gone("AgreementLapsed", "standing_version"),
        ("AgreementLapsed", "standing_version", "field-removed"),
    ),
    (
        "a field inside a value is removed",
        gone("ParticipantUpdated", "workplace.sector"),
        ("ParticipantUpdated", "workplace.sector", "field-removed"),
    ),
    (
        "a field inside a list is removed",
        gone("ParticipantUpdated", "available.last_day"),
        ("ParticipantUpdated", "available[].last_day", "field-removed"),
    ),
    (
        "a field is renamed",
        renamed("MatchAccepted", "both", "accepted_by_both"),
        ("MatchAccepted", "both", "field-removed"),
    ),
    (
        "a field is retyped",
        field("EditionChanged", "answer_days", type="string", minimum=None, maximum=None),
        ("EditionChanged", "answer_days", "field-retyped"),
    ),
    (
        "whole numbers become numbers",
        field("ReportPublished", "revision", type="number"),
        ("ReportPublished", "revision", "field-retyped"),
    ),
    (
        "a text becomes a list",
        field("MatchDeclined", "reason", type="array", pattern=None, items={"type": "string"}),
        ("MatchDeclined", "reason", "field-retyped"),
    ),
    (
        "a new field is required",
        new_field("MatchProposed", "urgency", STATUS, required=True),
        ("MatchProposed", "urgency", "field-required"),
    ),
    (
        "a field with a default becomes required",
        required_of_readers("ParticipantRegistered", "unplaced_before"),
        ("ParticipantRegistered", "unplaced_before", "default-removed"),
    ),
    (
        "a value is added to a closed list",
        field("MatchDeclined", "party", enum=["intern", "host", "manager"]),
        ("MatchDeclined", "party", "enum-value-added"),
    ),
    (
        "a value is removed from a closed list",
        field("InternshipNotHeld", "by", enum=["intern", "manager", "host"]),
        ("InternshipNotHeld", "by", "enum-value-removed"),
    ),
    (
        "a closed list inside a list grows",
        lambda contract: [
            one["properties"]["silent"]["items"]["enum"].append("manager")
            for one in schemas(contract, "MatchExpired")
        ],
        ("MatchExpired", "silent[]", "enum-value-added"),
    ),
    (
        "any text becomes a closed list",
        field("ParticipantUpdated", "field", enum=["digital", "libraries"]),
        ("ParticipantUpdated", "field", "bound-tightened"),
    ),
    (
        "a closed list becomes any text",
        field("AgreementCancelled", "by", enum=None),
        ("AgreementCancelled", "by", "bound-loosened"),
    ),
    (
        "a format is changed",
        field("MatchProposed", "first_day", format="date-time"),
        ("MatchProposed", "first_day", "format-changed"),
    ),
    (
        "a format is dropped",
        field("MatchNotFound", "run_id", format=None),
        ("MatchNotFound", "run_id", "format-changed"),
    ),
    (
        "a pattern is tightened",
        field("AgreementSigned", "fingerprint", pattern="^[0-9]{64}$"),
        ("AgreementSigned", "fingerprint", "pattern-changed"),
    ),
    (
        "a pattern is loosened",
        field("ParticipantUpdated", "workplace.municipality_code", pattern="^[0-9]{3,4}$"),
        ("ParticipantUpdated", "workplace.municipality_code", "pattern-changed"),
    ),
    (
        "an upper bound falls",
        field("EditionChanged", "sign_days", maximum=30),
        ("EditionChanged", "sign_days", "bound-tightened"),
    ),
    (
        "an upper bound rises",
        field("ParticipantUpdated", "capacity", maximum=5),
        ("ParticipantUpdated", "capacity", "bound-loosened"),
    ),
    (
        "a lower bound rises",
        field("EvaluationRequested", "question_set_version", minimum=2),
        ("EvaluationRequested", "question_set_version", "bound-tightened"),
    ),
    (
        "a lower bound is dropped",
        field("AgreementDrafted", "version", minimum=None),
        ("AgreementDrafted", "version", "bound-loosened"),
    ),
    (
        "a text may be longer",
        field("EditionChanged", "name", maxLength=400),
        ("EditionChanged", "name", "bound-loosened"),
    ),
    (
        "a list may be longer",
        field("MatchProposed", "reasons", maxItems=100),
        ("MatchProposed", "reasons", "bound-loosened"),
    ),
    (
        "a list must be longer",
        field("AgreementAmended", "changed", minItems=1),
        ("AgreementAmended", "changed", "bound-tightened"),
    ),
    (
        "a field may be null",
        nullable("MatchNotFound", "run_id"),
        ("MatchNotFound", "run_id", "null-added"),
    ),
    (
        "a field may no longer be null",
        never_null("MatchProposed", "run_id"),
        ("MatchProposed", "run_id", "null-removed"),
    ),
    (
        "a default is changed",
        default_of("ParticipantRegistered", "unplaced_before", True),
        ("ParticipantRegistered", "unplaced_before", "default-changed"),
    ),
    (
        "producers may leave a field out",
        left_out_by_producers("ParticipantRegistered", "capacity"),
        ("ParticipantRegistered", "capacity", "no-longer-written"),
    ),
    (
        "readers become closed",
        in_readers("MatchAccepted", additionalProperties=False),
        ("MatchAccepted", "", "readers-closed"),
    ),
    (
        "producers become open",
        lambda contract: contract.producers["MatchAccepted"].pop("additionalProperties"),
        ("MatchAccepted", "", "producers-opened"),
    ),
    (
        "a value inside an event becomes open",
        lambda contract: contract.producers["ParticipantUpdated"]["$defs"]["Workplace"].update(
            additionalProperties=True
        ),
        ("ParticipantUpdated", "workplace", "producers-opened"),
    ),
    (
        "a keyword that nobody has judged",
        field("MatchProposed", "reasons", uniqueItems=True),
        ("MatchProposed", "reasons", "cannot-judge"),
    ),
    (
        "a data class is changed",
        field("MatchProposed", "reasons", x_data_class="statistic"),
        ("MatchProposed", "reasons", "classification-changed"),
    ),
    (
        "a new field has no data class",
        new_field("MatchProposed", "note", STATUS | {"default": "a"}, required=False, classed=""),
        ("MatchProposed", "note", "unclassified"),
    ),
    (
        "a name in a public event",
        new_field("MatchProposed", "who", STATUS | {"default": "a"}, required=False, classed="contact"),
        ("MatchProposed", "who", "contact-in-public"),
    ),
    ("an event is removed", no_event("MatchNotFound"), ("MatchNotFound", "", "event-removed")),
    (
        "an event is renamed",
        event_called("ReportPublished", "ReportOut"),
        ("ReportPublished", "", "type-renamed"),
    ),
    (
        "a type gets another name on the wire",
        entry("MatchAccepted", ce_type="dk.innovationspraktik.Accepted.v1"),
        ("MatchAccepted", "", "type-renamed"),
    ),
    (
        "a schema gets another address",
        in_readers("MatchAccepted", **{"$id": "https://innovationspraktik.dk/elsewhere.json"}),
        ("MatchAccepted", "", "schema-id-changed"),
    ),
    (
        "a key is changed",
        entry("MatchProposed", ordering_key="intern_id"),
        ("MatchProposed", "", "key-changed"),
    ),
    (
        "an event moves to another topic",
        entry("ReportPublished", topic=PLACEMENTS),
        ("ReportPublished", "", "topic-moved"),
    ),
    (
        "another service says it",
        entry("MatchNotFound", owner="registration"),
        ("MatchNotFound", "", "owner-changed"),
    ),
    (
        "a public event becomes internal",
        entry("MatchNotFound", audience="internal"),
        ("MatchNotFound", "", "audience-changed"),
    ),
    (
        "an internal event becomes public",
        entry("HostAsked", audience="public"),
        ("HostAsked", "", "audience-changed"),
    ),
    (
        "less is promised",
        entry("MatchAccepted", compatibility="NONE"),
        ("MatchAccepted", "", "promise-lowered"),
    ),
    ("a topic is removed", no_topic(PLACEMENTS), (PLACEMENTS, "", "topic-removed")),
    ("more partitions", topic(PLACEMENTS, partitions=24), (PLACEMENTS, "", "topic-partitions")),
    (
        "a topic becomes internal",
        topic(PARTICIPANTS, audience="internal"),
        (PARTICIPANTS, "", "audience-changed"),
    ),
    (
        "records are kept for a year",
        setting(PLACEMENTS, "retention.ms", str(365 * 86_400_000)),
        (PLACEMENTS, "retention.ms", "topic-retention"),
    ),
    (
        "a topic is compacted",
        setting(PLACEMENTS, "cleanup.policy", "compact"),
        (PLACEMENTS, "cleanup.policy", "topic-config"),
    ),
    (
        "erasure takes a month",
        setting(CONTACTS, "max.compaction.lag.ms", str(30 * 86_400_000)),
        (CONTACTS, "max.compaction.lag.ms", "topic-config"),
    ),
    (
        "events may be larger",
        lambda contract: contract.registry["limits"].update(body_bytes=1_000_000),
        ("limits", "body_bytes", "limit-raised"),
    ),
    (
        "a state is renamed",
        lifecycle("placement", lambda one: one["states"].pop("not_held")),
        ("placement", "not_held", "state-removed"),
    ),
    (
        "a final state is opened again",
        lifecycle("participant", lambda one: one["finals"].remove("erased")),
        ("participant", "erased", "final-reopened"),
    ),
    (
        "an event leads elsewhere",
        lifecycle("placement", step_to("MatchDeclined", "proposed", "withdrawn")),
        ("placement", "MatchDeclined", "transition-changed"),
    ),
    (
        "a header is no longer written",
        left_out_by_producers("Headers", "ce_dataschema"),
        ("Headers", "ce_dataschema", "no-longer-written"),
    ),
    (
        "readers need a header that was never there",
        lambda contract: contract.readers["Headers"]["required"].append("ce_correlationid"),
        ("Headers", "ce_correlationid", "default-removed"),
    ),
]
