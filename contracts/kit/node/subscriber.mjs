// The subscriber on kafkajs: read, take in, commit, and leave the group in order when asked to stop.
// Run it with `node subscriber.mjs`; as many members as you like share the partitions.
import { readFileSync } from "node:fs";
import { Kafka } from "kafkajs";
import pg from "pg";
import { PUBLIC_TOPICS, takeIn } from "./intake.mjs";
import { databaseUrl, echoFile, group, kafka, log, namespace, sessionTimeout } from "./settings.mjs";

const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
// A connection that breaks says so twice: to whoever waits for an answer, and as an event, which unheard would end the process.
pool.on("connect", (client) => client.on("error", (error) => log.warning(`a database connection broke (${error.code ?? error.message})`)));
pool.on("error", () => {});

const consumer = new Kafka(kafka).consumer({
  groupId: group,
  sessionTimeout,
  heartbeatInterval: Math.floor(sessionTimeout / 4),
  maxWaitTimeInMs: 500, // how long a stop may have to wait for an idle broker
  maxBytesPerPartition: 262_144, // a batch is one transaction, and no heartbeat goes out before it ends
  retry: { initialRetryTime: 1000, maxRetryTime: 30_000 },
});

async function eachBatch({ batch, resolveOffset, commitOffsetsIfNecessary, heartbeat, isRunning, isStale }) {
  if (!isRunning() || isStale()) return;
  const topic = batch.topic.slice(namespace.length);
  // An error here (the database is away) reaches kafkajs, which reads the batch again after a pause: nothing is resolved yet.
  await takeIn(pool, topic, batch.partition, batch.messages, echoFile);
  resolveOffset(batch.lastOffset());
  const offset = (BigInt(batch.lastOffset()) + 1n).toString();
  await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }] });
  await heartbeat();
}

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  await consumer.disconnect(); // ends the batch under way, then leaves the group
  await pool.end();
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);

// kafkajs starts again by itself after a lost connection. What it gives up (a wrong password, no right) ends the process.
consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
  if (restart || stopping) return;
  log.error(`gave up: ${error.message}`);
  process.exit(1);
});

try {
  await pool.query(readFileSync(new URL("schema.sql", import.meta.url), "utf8"));
  await consumer.connect();
  await consumer.subscribe({ topics: PUBLIC_TOPICS.map((name) => namespace + name), fromBeginning: true });
  // autoCommit would send offsets ahead of our transaction; a crash would lose what lies between.
  await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
} catch (error) {
  log.error(`could not start: ${error.message}`);
  process.exit(stopping ? 0 : 1);
}
