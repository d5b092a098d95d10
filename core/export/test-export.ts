import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { SessionHappening } from "../../shared/session/session-event.ts";
import { formatEvent } from "../install-recorder/cast/recording-entry.ts";
import { newHome, openTestSession } from "../session/serve/test-session.ts";
import type { Paths } from "../storage/paths.ts";
import { type ExportContext, type ExportPlan, writeExport } from "./export.ts";

/** A value that an export must not have. */
export const secret = "correct horse battery";
const base64 = (text: string) => Buffer.from(text).toString("base64");

const events: readonly SessionHappening[] = [
  {
    time: 1,
    type: "run-started",
    session: "1",
    folder: `${homedir()}/sessions/1`,
    kind: "run",
    title: "Run of worker",
    task: { command: ["sh", "-c", `echo ${secret}`], env: { PASS: secret, MODE: "on" } },
    keepAlive: false,
  },
  {
    time: 2,
    type: "exchange-started",
    exchange: 1,
    method: "GET",
    target: "/engine/v1/execute",
    headers: [["Authorization", "Basic abc"]],
  },
  {
    time: 3,
    type: "exchange-ended",
    exchange: 1,
    outcome: "complete",
    request: { bytes: 0, beginning: "" },
    reply: { bytes: 60, beginning: base64(JSON.stringify({ env: { PASS: secret, MODE: "on" } })) },
  },
  { time: 4, type: "exchange-started", exchange: 2, method: "POST", target: "/engine/v1/log", headers: [] },
  {
    time: 5,
    type: "exchange-ended",
    exchange: 2,
    outcome: "complete",
    request: { bytes: 99, beginning: base64("the log: correct ho"), file: "bodies/2.request" },
    reply: { bytes: 0, beginning: "" },
  },
  {
    ...{ time: 5, type: "message-released", held: 1, rule: "break", exchange: 1, release: "edited" },
    step: { edit: { base64: base64(`edited: ${secret}`) } },
  },
  { time: 6, type: "guest-log", text: `the log: ${secret}` },
  { time: 7, type: "note", text: `see ${homedir()}/images` },
  {
    ...{ time: 7, type: "expectation-checked", expectation: "exactly 1 exchange", passed: false },
    seen: 'a log of 12 bytes, whose last line is "the log: end"',
  },
  {
    time: 8,
    type: "run-failed",
    error: { code: "guest-tools-lost", message: "lost", details: ["Last lines:", "  the log: the end"] },
  },
];

/** A recording whose input was typed in two pieces. */
const recording = `{"version":2,"width":80,"height":24,"timestamp":1}
${formatEvent(1, { output: "# " })}${formatEvent(2, { input: `echo ${secret.slice(0, 3)}` })}${formatEvent(3, { input: `${secret.slice(3)}\r` })}`;

/** A session that has ended, with something of each part. */
export async function leaveSession(): Promise<{ readonly paths: Paths; readonly id: string }> {
  const paths = newHome();
  const session = await openTestSession(paths);
  for (const event of events) session.record(event);
  const { paths: files, id } = session;
  await session[Symbol.asyncDispose]();
  writeFileSync(files.serialLog, `login: ${secret}\r\n`);
  writeFileSync(files.taskLog, `the log: ${secret}\r\n`);
  writeFileSync(files.hostLog, "xorriso\n");
  writeFileSync(files.qemuLog, "qemu: https://me:pa55@mirror/\n");
  writeFileSync(files.screenshot, "a picture");
  writeFileSync(files.screenText, `login: ${secret}\n`);
  writeFileSync(files.recording, recording);
  writeFileSync(files.recordedSteps, `install:\n  - { type: "echo ${secret}" }\n`);
  mkdirSync(join(files.folder, "bodies"));
  writeFileSync(join(files.folder, "bodies/1.reply"), JSON.stringify({ env: { PASS: secret } }));
  writeFileSync(join(files.folder, "bodies/2.request"), `the log: ${secret}`);
  return { paths, id };
}

/** Exports a session, and unpacks the file. */
export async function exportAndUnpack(
  paths: Paths,
  plan: Omit<ExportPlan, "target">,
  context: Partial<ExportContext> = {},
) {
  const target = join(dirname(paths.sessions), "export.tar.gz");
  const exported = await writeExport(
    { ...plan, target },
    {
      paths,
      versions: { tinsmith: "1.2.3", node: "24", qemu: "10.0", system: "linux x64, kernel 6.1" },
      findings: [{ subject: "QEMU", ok: true, text: `found in ${homedir()}/bin` }],
      signal: never,
      ...context,
    },
  );
  const folder = join(dirname(target), "unpacked");
  mkdirSync(folder);
  execFileSync("tar", ["-xzf", target, "-C", folder]);
  const read = (name: string) => readFileSync(join(folder, plan.id, name), "utf8");
  return { exported, target, folder: join(folder, plan.id), read };
}

const never = new AbortController().signal;
