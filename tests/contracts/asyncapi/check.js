// What the official parser says of each document named on the command line, as JSON on standard output.
// Keeps nothing back: errors (0), warnings (1), information (2) and hints (3) are all told.
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const told = [];
for (const path of process.argv.slice(2)) {
  const { document, diagnostics } = await new Parser().parse(await readFile(path, "utf-8"));
  told.push({
    diagnostics: diagnostics.map(({ code, severity, message, path }) => ({
      code,
      severity,
      message,
      path: path.join("."),
    })),
    version: document?.info().version() ?? null,
    channels: (document?.channels().all() ?? []).map((channel) => ({
      address: channel.address(),
      partitions: channel.bindings().get("kafka")?.value().partitions,
      messages: channel
        .messages()
        .all()
        .map((message) => message.name()),
    })),
  });
}
process.stdout.write(JSON.stringify(told));
