import { expect, test } from "vitest";
import { parseRecording } from "../../install-recorder/cast/recording.ts";
import { type CastEvent, formatEvent } from "../../install-recorder/cast/recording-entry.ts";
import { redactRecording } from "./redact-recording.ts";
import { createRedaction } from "./redaction.ts";

const header = `${JSON.stringify({ version: 2, width: 80, height: 24, title: "Setup image of /home/me" })}\n`;

async function redact(events: readonly CastEvent[], end = "") {
  const text = header + events.map((event, index) => formatEvent(index, event)).join("") + end;
  const lines = async function* () {
    yield* text.split("\n");
  };
  const redaction = createRedaction({ variables: {}, homes: ["/home/me"], user: "" });
  const blocks = await Array.fromAsync(redactRecording(lines(), redaction));
  const redacted = Buffer.concat(blocks).toString();
  return { redacted, counts: redaction.counts, entries: parseRecording(redacted, "install.cast").entries };
}

/** Each character, as a person types it, and its echo. */
function typed(line: string): readonly CastEvent[] {
  return [...line].flatMap((key) => [
    { own: { kind: "typed", at: 1, epoch: 1 } },
    { input: key },
    { output: key === "\r" ? "\r\n" : key },
  ]);
}

test("a credential that was typed key by key is in neither the input nor its echo; all else is as it was", async () => {
  const { entries, counts } = await redact([
    { output: "$ " },
    ...typed("curl https://me:pa55@mirror/ -o x\r"),
    ...typed("ls\r"),
    { output: "Authorization: Basic abc\r\n$ " },
  ]);
  const inputs = entries.flatMap((entry) =>
    entry.kind === "input" && "text" in entry.input ? [entry.input.text] : [],
  );
  const outputs = entries.flatMap((entry) => (entry.kind === "output" ? [entry.text] : []));
  expect(inputs.join("")).toBe("curl https://[removed]@mirror/ -o x\rls\r");
  expect(outputs.join("")).toBe(
    "$ curl https://[removed]@mirror/ -o x\r\nls\r\nAuthorization: [removed]\r\n$ ",
  );
  // Each is still where it was typed.
  expect(inputs.slice(-3)).toEqual(["l", "s", "\r"]);
  expect(counts.get("a credential")).toBe(3);
});

test("keys that were typed on the screen, and its texts, have no credential", async () => {
  const inputs = [..."?token=abc"].map((text) => ({ console: "screen", text }) as const);
  const { redacted, entries } = await redact([
    ...inputs.map((input) => ({ own: { kind: "input", at: 2, epoch: 2, input } }) as const),
    { own: { kind: "input", at: 3, epoch: 3, input: { console: "screen", keys: ["ret"] } } },
    { own: { kind: "input", at: 4, epoch: 4, input: { console: "screen", text: "y" } } },
    { own: { kind: "screen", lines: ["GET /?token=abc", "in /home/me"], columns: 80 } },
    { own: { kind: "input", at: 5, epoch: 5, input: { act: "insert", path: "/home/me/a.iso" } } },
  ]);
  const texts = entries.map((entry) =>
    entry.kind === "input" && "text" in entry.input ? entry.input.text : "",
  );
  expect(texts.join("")).toBe("?token=[removed]y");
  expect(entries).toContainEqual(
    expect.objectContaining({ kind: "screen", lines: ["GET /?token=[removed]", "in ~"], columns: 80 }),
  );
  expect(entries).toContainEqual(expect.objectContaining({ input: { act: "insert", path: "~/a.iso" } }));
  expect(redacted.split("\n")[0]).toContain("Setup image of ~");
});

test("every line is still JSON, a cut one is left out, and a long recording is redacted to its end", async () => {
  const events = Array.from({ length: 3000 }, (_, index) => [
    { output: `line ${index}: token: "x" --password=secret${index}\r\n`.padEnd(100, ".") },
    { input: "y" },
  ]).flat();
  const { redacted, entries } = await redact(events, '[9,"o","--password=se');
  expect(entries.length).toBe(events.length);
  expect(redacted).not.toMatch(/=se/);
  for (const line of redacted.trimEnd().split("\n")) JSON.parse(line);
});
