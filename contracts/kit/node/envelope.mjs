// A record as an event: the envelope is read for every type, the body only of types we know. What breaks the contract throws a
// Malformed, whose text quotes nothing of the content.
import { Kafka as CloudEventsOverKafka } from "cloudevents";

export class Malformed extends Error {}

// Every public type of major 1, with the field of its body that is its key.
const KEYS = new Map(
  Object.entries({
    edition_id: ["EditionChanged", "ReportPublished"],
    participant_id: [
      "ParticipantRegistered",
      "ParticipantUpdated",
      "ParticipantWithdrawn",
      "ParticipantErased",
      "MatchNotFound",
    ],
    placement_id: [
      "MatchProposed",
      "MatchAccepted",
      "MatchDeclined",
      "MatchExpired",
      "MatchWithdrawn",
      "AgreementDrafted",
      "AgreementApproved",
      "AgreementRefused",
      "AgreementSigned",
      "AgreementAmended",
      "AgreementLapsed",
      "AgreementCancelled",
      "InternshipCompleted",
      "InternshipNotHeld",
    ],
    evaluation_id: ["EvaluationRequested", "EvaluationSubmitted", "EvaluationExpired"],
  }).flatMap(([key, names]) => names.map((name) => [`dk.innovationspraktik.${name}.v1`, { name, key }])),
);
const REQUIRED = ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_sequence"];
const READ = new Set([...REQUIRED, "ce_correlationid", "ce_causationid", "traceparent", "content-type"]);
const MAX_HEADER_BYTES = 1_024;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MAX_BODY_BYTES = 65_536;
const utf8 = new TextDecoder("utf-8", { fatal: true });

const text = (bytes, what) => {
  if (bytes === null || bytes === undefined) throw new Malformed(`${what} is null`);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Malformed(`${what} is not UTF-8`);
  }
};

const check = (holds, otherwise) => {
  if (!holds) throw new Malformed(otherwise);
};

// {id, key, sequence, name, data}; name and data are null for a type or major that we do not know.
export function read(message) {
  const headers = { "content-type": "application/json" };
  for (const [name, raw] of Object.entries(message.headers ?? {})) {
    if (!READ.has(name)) continue; // others may be anybody's, and anything
    const bytes = Array.isArray(raw) ? raw.at(-1) : raw; // a name that comes twice is a list here; the last one counts
    check(!(bytes?.length > MAX_HEADER_BYTES), `header ${name} has more than ${MAX_HEADER_BYTES} bytes`);
    headers[name] = text(bytes, `header ${name}`);
  }
  for (const name of REQUIRED) check(name in headers, `header ${name} is missing`); // the SDK would invent an id and a time
  const { ce_id: id, ce_subject: key, ce_sequence: digits } = headers;
  check(headers.ce_specversion === "1.0", "ce_specversion is not 1.0");
  check(UUID.test(id), "ce_id is not a UUID");
  check(UUID.test(key), "ce_subject is not a UUID");
  const sequence = /^[0-9]{1,18}$/.test(digits) ? Number(digits) : 0;
  check(sequence > 0 && Number.isSafeInteger(sequence), "ce_sequence is not a number from 1");
  check(message.key?.toString("utf8") === key, "the record's key is not its ce_subject");
  const known = KEYS.get(headers.ce_type);
  if (!known) return { id, key, sequence, type: headers.ce_type, name: null, data: null };

  check(message.value !== null, "a tombstone carries no event");
  check(message.value.length <= MAX_BODY_BYTES, `a body has ${MAX_BODY_BYTES} bytes at most`);
  let data;
  try {
    data = CloudEventsOverKafka.toEvent({ headers, key, value: text(message.value, "the body") }).data;
  } catch (error) {
    throw error instanceof Malformed ? error : new Malformed("the body or ce_time cannot be read");
  }
  check(data?.[known.key] === key, `${known.name}: ce_subject is not the ${known.key} of the body`);
  if (known.key === "placement_id") {
    for (const field of ["edition_id", "intern_id", "host_id"]) {
      check(UUID.test(data[field]), `${known.name}: ${field} is not a UUID`);
    }
  }
  return { id, key, sequence, type: headers.ce_type, name: known.name, data };
}
