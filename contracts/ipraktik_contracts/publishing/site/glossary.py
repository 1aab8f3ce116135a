"""The words of the contract, each with the Danish word that people in the programme use. One term per concept."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Term:
    """A word, the Danish for it, and what it means here. `code` is how it appears in the events, where it does."""

    word: str
    danish: str
    meaning: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one subject, in alphabetical order."""

    title: str
    terms: tuple[Term, ...]


PROGRAMME: Final = Words(
    "Of the programme",
    (
        Term(
            "adventurer",
            "eventyrer",
            "Journey type: something entirely different, usually 4 to 5 days.",
            "adventurer",
        ),
        Term(
            "agreement",
            "aftale",
            "What intern, own manager and host agree on: dates, goals, programme.",
            "AgreementDrafted",
        ),
        Term(
            "amendment",
            "ændring",
            "A new version put up after the agreement was signed. The signed one stands until all three approve the new one.",
            "AgreementAmended",
        ),
        Term(
            "approval",
            "godkendelse",
            "One party's yes to one version of an agreement. The third one makes it signed.",
            "AgreementApproved",
        ),
        Term(
            "business traveller",
            "forretningsrejsende",
            "Journey type: another profession with tasks that overlap, usually 3 to 4 days.",
            "business_traveller",
        ),
        Term("capacity", "antal pladser", "How many interns a host takes at a time: 1 to 3.", "capacity"),
        Term(
            "companion",
            "rejsefælle",
            "A colleague who wants to go along to the same host. It holds when each names the other.",
            "companion_id",
        ),
        Term(
            "coordinator",
            "koordinator",
            "Who runs the programme day by day, releases proposals and decides what is disputed.",
        ),
        Term(
            "edition",
            "runde",
            "One round of the programme, with its own window, dates and deadlines.",
            "edition_id",
        ),
        Term(
            "erasure",
            "sletning",
            "Everything personal about a sign-up is deleted. Its id stays as a bare number and never returns.",
            "ParticipantErased",
        ),
        Term(
            "evaluation",
            "evaluering",
            "One party's answers about one stay. The answers are never in an event.",
            "evaluation_id",
        ),
        Term("field of work", "fagområde", "What somebody works with, as a code from an open list.", "field"),
        Term("follow-up", "opfølgning", "The second evaluation, some months after the stay.", "follow_up"),
        Term(
            "host",
            "praktikvært, vært",
            "A workplace that receives 1 to 3 interns at a time. A host's sign-up is a participant too.",
            "host",
        ),
        Term(
            "host in mind",
            "vært, man har i tankerne",
            "A host that the intern hopes for without having agreed it.",
            "host_in_mind_id",
        ),
        Term("host registry", "værtskartotek", "The hosts on offer, open to interns."),
        Term(
            "indicator",
            "nøgletal",
            "A figure of the report, with the number of answers it rests on.",
            "indicators",
        ),
        Term("intern", "praktikant", "The person who travels: employed at a public workplace.", "intern"),
        Term("internship, stay", "praktik, ophold", "The 2 to 5 days at the host.", "InternshipCompleted"),
        Term(
            "journey type",
            "rejsetype",
            "How far from home: tourist, business traveller, adventurer, or something of one's own.",
            "journey_type",
        ),
        Term(
            "lot",
            "lod",
            "A drawn number that breaks ties in the puzzle, so that the same sign-ups give the same plan.",
            "lot",
        ),
        Term(
            "ministerial area",
            "ministerområde",
            "The ministry's area a state workplace belongs to, as a code from an open list.",
            "ministerial_area",
        ),
        Term("municipality", "kommune", "One of 98, by its official four-digit code.", "municipality_code"),
        Term(
            "organisation",
            "organisation",
            "The employer: a municipality, an agency, a company, an association.",
            "organisation_id",
        ),
        Term("own idea", "min egen idé", "Journey type: something of the intern's own making.", "own_idea"),
        Term(
            "own manager",
            "nærmeste leder",
            "The intern's nearest manager, one of the three parties.",
            "manager",
        ),
        Term(
            "participant, sign-up",
            "tilmelding",
            "One person in one edition in one role. Not a person: whoever signs up for two editions is two participants.",
            "participant_id",
        ),
        Term("party", "part", "Intern, own manager or host.", "party"),
        Term(
            "placement",
            "praktikforløb",
            "One intern at one host, from the proposal to the end of the stay.",
            "placement_id",
        ),
        Term("proposal", "forslag", "A pair of intern and host that both are asked about.", "MatchProposed"),
        Term("puzzle", "puslespil", "Finding the best plan for all interns and hosts of an edition."),
        Term("region", "region", "Worked out from the municipality code and the day, since regions change."),
        Term(
            "release",
            "frigivelse",
            "A coordinator lets a run's proposals go out. Nothing is proposed before.",
        ),
        Term("report", "rapport", "The edition's figures as published, in revisions.", "ReportPublished"),
        Term("run", "kørsel", "One solving of the puzzle.", "run_id"),
        Term("sector", "sektor", "Municipal, regional, state, private or association.", "sector"),
        Term(
            "self-found pair",
            "par, der har fundet hinanden",
            "Intern and host who agreed before they signed up. It holds when each names the other.",
            "self_found_with",
        ),
        Term(
            "sending workplace",
            "afgivende arbejdsplads",
            "The intern's own workplace, represented by the own manager.",
        ),
        Term(
            "signed",
            "godkendt af alle tre",
            "All three parties have approved the same version.",
            "AgreementSigned",
        ),
        Term("tourist", "turist", "Journey type: close to one's own field, usually 2 days.", "tourist"),
        Term(
            "version",
            "udgave",
            "One wording of an agreement, numbered from 1. Approvals belong to a version.",
            "version",
        ),
        Term(
            "wave", "måling", "When an evaluation is made: right after the stay, or as the follow-up.", "wave"
        ),
        Term("window", "tilmeldingsperiode", "The time in which sign-ups are taken.", "window"),
        Term(
            "wishes",
            "ønsker",
            "Where somebody hopes to go, or whom a host hopes to receive. A wish excludes nothing.",
            "wishes",
        ),
        Term("withdrawal", "framelding", "A sign-up is taken back.", "ParticipantWithdrawn"),
        Term("workplace", "arbejdsplads", "The unit somebody works in, within an organisation.", "workplace"),
    ),
)

WIRE: Final = Words(
    "Of the wire",
    (
        Term("agency", "myndighed", "Any authority that subscribes to the events."),
        Term(
            "aggregate",
            "sag (aggregat)",
            "What a row of events is about: an edition, a participant, a placement, an evaluation. Its id is the key.",
        ),
        Term("at least once", "mindst én gang", "An event may come more than once, and never not at all."),
        Term("closed code list", "fast kodeliste", "A list that does not grow within a major version."),
        Term(
            "consumer group",
            "læsergruppe",
            "The processes that share the reading of a topic, and the place they have come to.",
        ),
        Term("data class", "dataklasse", "How sensitive a field is."),
        Term("deprecation", "udfasning", "Notice that a type or topic will end, with a date."),
        Term("envelope", "konvolut", "What every event carries beside its body: id, type, time, sequence."),
        Term(
            "event",
            "hændelse",
            "A fact in the past tense. It is never changed and never taken back; what follows is a new event.",
        ),
        Term(
            "fingerprint",
            "fingeraftryk",
            "SHA-256 of the terms of one version of an agreement.",
            "fingerprint",
        ),
        Term("gap", "hul", "A jump in the sequence: something was missed."),
        Term("inbox", "indbakke", "A subscriber's table of the ids it has taken in."),
        Term("key", "nøgle", "The aggregate's id, on the record and in `ce_subject`."),
        Term(
            "major version",
            "hovedversion",
            "The number at the end of a type and a topic. A new one means: not compatible.",
        ),
        Term("offset", "læseposition", "The place of a record in a partition."),
        Term("open code list", "åben kodeliste", "A list that may grow. Treat an unknown code as “other”."),
        Term(
            "personal data",
            "personoplysninger",
            "Anything about an identifiable person. Not on public topics.",
        ),
        Term("poll", "spørge igen og igen", "What subscribers need not do."),
        Term("replay", "læse forfra", "Reading a topic again from an earlier place."),
        Term("retention", "opbevaringstid", "How long a topic keeps its records. Public ones: for ever."),
        Term("schema", "skema", "The formal description of a body."),
        Term("sequence", "løbenummer", "The event's number within its topic and key, from 1.", "ce_sequence"),
        Term("subscriber", "abonnent", "Who reads the events and builds on them."),
        Term(
            "tombstone",
            "sletningsmærke",
            "A record without a body. On our internal contacts topic it means erasure; on public topics it does not occur.",
        ),
        Term("topic", "emne (topic)", "A named stream of records in Kafka."),
        Term("type", "hændelsestype", "Which event a record is, with its major version.", "ce_type"),
        Term("webhook", "webhook", "We call your address with each event, signed."),
    ),
)

GLOSSARY: Final[tuple[Words, ...]] = (PROGRAMME, WIRE)
