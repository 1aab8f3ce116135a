// Where things are and who we are: everything from the environment, nothing in the code, no secret in a log.
import { readFileSync } from "node:fs";
import { logLevel } from "kafkajs";

const env = process.env;
for (const name of ["KAFKA_BOOTSTRAP", "DATABASE_URL"]) {
  if (!env[name]) {
    console.error(`${name} is not set; README.md says which settings there are`);
    process.exit(1);
  }
}

export const databaseUrl = env.DATABASE_URL;
export const group = env.KAFKA_GROUP || `${env.KAFKA_GROUP_PREFIX ?? ""}kit`;
export const namespace = env.TOPIC_NAMESPACE ?? "";
export const echoFile = env.ECHO_FILE || null;
export const sessionTimeout = Number(env.KAFKA_SESSION_TIMEOUT_MS || 10_000);

export const log = {
  info: (text) => console.error(`INFO ${text}`),
  warning: (text) => console.error(`WARNING ${text}`),
  error: (text) => console.error(`ERROR ${text}`),
};

const protocol = env.KAFKA_SECURITY_PROTOCOL || "PLAINTEXT";
const password = env.KAFKA_PASSWORD_FILE
  ? readFileSync(env.KAFKA_PASSWORD_FILE, "utf8").replace(/\n+$/, "")
  : (env.KAFKA_PASSWORD ?? "");

// The broker is checked against the given authority, else against the system's.
const tls = {
  ...(env.KAFKA_CA_FILE && { ca: [readFileSync(env.KAFKA_CA_FILE)] }),
  ...(env.KAFKA_CERT_FILE && { cert: readFileSync(env.KAFKA_CERT_FILE) }),
  ...(env.KAFKA_KEY_FILE && { key: readFileSync(env.KAFKA_KEY_FILE) }),
};

export const kafka = {
  brokers: env.KAFKA_BOOTSTRAP.split(","),
  ...(protocol.endsWith("SSL") && { ssl: tls }),
  ...(protocol.startsWith("SASL_") && {
    sasl: {
      mechanism: (env.KAFKA_SASL_MECHANISM || "SCRAM-SHA-512").toLowerCase(),
      username: env.KAFKA_USERNAME ?? "",
      password,
    },
  }),
  logLevel: logLevel.WARN,
  logCreator: () => ({ label, log: { message, error } }) => console.error(`${label} ${message}${error ? `: ${error}` : ""}`),
};
