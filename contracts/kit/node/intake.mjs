// What becomes of a record: checked, told from a repeat, put in its line, written down.
//
// Invariants: state, inbox and progress change in one transaction of our database, and the offset is committed only after it; no
// record can make that transaction fail for ever; nothing is passed over without a line in the log.
import { appendFileSync } from "node:fs";
import { Malformed, read } from "./envelope.mjs";
import { log } from "./settings.mjs";

export const PUBLIC_TOPICS = ["participants", "placements", "evaluations"].map((name) => `innovationspraktik.${name}.v1`);
const PLACEMENTS = PUBLIC_TOPICS[1];

// The placement's state after its event; undefined where it stays as it is.
const STATE_AFTER = {
  MatchProposed: ({ origin }) => (origin === "self_found" ? "accepted" : "proposed"),
  MatchAccepted: ({ both }) => (both === true ? "accepted" : undefined),
  MatchDeclined: () => "declined",
  MatchExpired: () => "expired",
  MatchWithdrawn: () => "withdrawn",
  AgreementDrafted: () => "drafted",
  AgreementSigned: () => "signed",
  AgreementAmended: () => "amending",
  AgreementLapsed: ({ standing_version: standing }) => (standing == null ? "lapsed" : "signed"),
  AgreementCancelled: () => "cancelled",
  InternshipCompleted: () => "completed",
  InternshipNotHeld: () => "not_held",
};

// Each statement is prepared once per connection, under its name.
const statement = (name, text) => (client, ...values) => client.query({ name, text, values });

const readLast = statement("readLast", "select last_sequence from progress where topic = $1 and key = $2 for update");
const noteInInbox = statement("noteInInbox", "insert into inbox values ($1) on conflict do nothing");
const advance = statement("advance", `
  with filled as (delete from gap where topic = $1 and key = $2 and seen <= $3)
  insert into progress values ($1, $2, $3) on conflict (topic, key) do update set last_sequence = $3`);
const noteGap = statement("noteGap", `
  insert into gap values ($1, $2, $3, $4)
  on conflict (topic, key) do update set missing = $3, seen = greatest(gap.seen, $4)`);
const noteRefused = statement("noteRefused", "insert into refused values ($1, $2, $3, $4) on conflict do nothing");
const noteErased = statement("noteErased", "insert into erased values ($1) on conflict do nothing");
const forget = statement("forget", "delete from placement where intern_id = $1 or host_id = $1");
const keepPlacement = statement("keepPlacement", `
  insert into placement
  select $1, $2, $3, $4, $5, $6 where not exists (select from erased where participant_id in ($5, $6))
  on conflict (placement_id) do update set state = $3, last_sequence = $4`);
const keepNumber = statement("keepNumber", "update placement set last_sequence = $2 where placement_id = $1");

// Messages of one partition, in their order, in one transaction. When this returns, their offsets may be committed.
export async function takeIn(pool, topic, partition, messages, echoFile) {
  const taken = [];
  const client = await pool.connect();
  try {
    await client.query("begin");
    // Members of a group write side by side. Nobody is erased between our looking it up and our writing a row.
    if (topic === PLACEMENTS) await client.query("lock table erased in share mode");
    for (const message of messages) {
      const heard = await hear(client, topic, partition, message);
      if (heard && (await isNext(client, topic, heard))) {
        await apply(client, topic, heard);
        taken.push(heard);
      }
    }
    await client.query("commit");
    client.release();
  } catch (error) {
    client.release(error); // not used again: whether its transaction is over is unknown
    throw error;
  }
  if (echoFile && taken.length) {
    const lines = taken.map(({ id, sequence, key }) => `${JSON.stringify({ id, sequence, key, topic })}\n`);
    appendFileSync(echoFile, lines.join(""));
  }
}

// Read it. What breaks the contract is noted and passed: waiting for it would stop everything behind it, for ever.
async function hear(client, topic, partition, message) {
  const place = `${topic}[${partition}]@${message.offset}`;
  try {
    const heard = read(message);
    if (!heard.name) log.warning(`skipped ${place}: a type that this build does not know`);
    return heard;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const reason = error.message.replaceAll("\0", ""); // the one character that PostgreSQL does not take
    log.error(`REFUSED ${place}: ${reason}`);
    await noteRefused(client, topic, partition, message.offset, reason);
    return null;
  }
}

// Whether it is the next of its line, and new. After a hole the line waits; the other lines go on.
async function isNext(client, topic, heard) {
  const { id, key, sequence } = heard;
  const last = Number((await readLast(client, topic, key)).rows[0]?.last_sequence ?? 0);
  if (sequence <= last) return false; // a repeat
  if (sequence > last + 1) {
    log.error(`GAP ${topic} ${key}: ${last + 1} is missing, ${sequence} came`);
    await noteGap(client, topic, key, last + 1, sequence);
    if (heard.name === "ParticipantErased") await apply(client, topic, heard); // an erasure waits for nothing
    return false;
  }
  if ((await noteInInbox(client, id)).rowCount === 0) return false; // another member took it in while we read
  await advance(client, topic, key, sequence);
  return true;
}

// What the event means to us. The place for your own rules.
async function apply(client, topic, { name, key, sequence, data }) {
  const state = STATE_AFTER[name]?.(data);
  if (name === "ParticipantErased") {
    await noteErased(client, key);
    await forget(client, key);
  } else if (state) {
    await keepPlacement(client, key, data.edition_id, state, sequence, data.intern_id, data.host_id);
  } else if (topic === PLACEMENTS) {
    await keepNumber(client, key, sequence);
  }
}
