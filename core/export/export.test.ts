import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import type { SessionHappening } from "../../shared/session/session-event.ts";
import { newHome, openTestSession } from "../session/serve/test-session.ts";
import { cacheEntriesFolder, type Paths, sessionPaths } from "../storage/paths.ts";
import { type ExportContext, type ExportPlan, examineExport, writeExport } from "./export.ts";

const secret = "correct horse battery";
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

/** A session that has ended, with something of each part. */
async function leaveSession(): Promise<{ readonly paths: Paths; readonly id: string }> {
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
  mkdirSync(join(files.folder, "bodies"));
  writeFileSync(join(files.folder, "bodies/1.reply"), JSON.stringify({ env: { PASS: secret } }));
  writeFileSync(join(files.folder, "bodies/2.request"), `the log: ${secret}`);
  return { paths, id };
}

async function exportAndUnpack(
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

test("an export says what it would hold", async () => {
  const { paths, id } = await leaveSession();
  expect(await examineExport(paths, id)).toEqual({
    title: "Run of worker",
    fileName: `tinsmith-${id}.tar.gz`,
    variables: ["PASS", "MODE"],
    parts: {
      events: statSync(sessionPaths(paths, id).events).size,
      qemu: 30,
      host: 8,
      task: 32,
      serial: 30,
      screen: 9 + 29,
      bodies: 40 + 30,
    },
  });
});

test("an export holds a session's files, and none of its secrets", async () => {
  const { paths, id } = await leaveSession();
  const { exported, target, folder, read } = await exportAndUnpack(paths, { id, leaveOut: [] });
  expect(exported.bytes).toBe(statSync(target).size);
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(
    [
      ...["README.md", "bodies", "bodies/1.reply", "bodies/2.request", "events.jsonl", "host.log"],
      ...["qemu.log", "screen.png", "screen.txt", "serial.log", "task.log"],
    ].sort(),
  );
  expect(read("serial.log")).toBe("login: [value of PASS]\r\n");
  expect(read("qemu.log")).toBe("qemu: https://[removed]@mirror/\n");
  expect(read("bodies/1.reply")).toBe('{"env":{"PASS":"[value of PASS]"}}');
  expect(read("screen.png")).toBe("a picture");
  expect(read("screen.txt")).toBe("login: [value of PASS]\n");

  const lines = read("events.jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({
    version: 1,
    seq: 1,
    folder: "~/sessions/1",
    task: {
      command: ["sh", "-c", "echo [value of PASS]"],
      env: { PASS: "[value of PASS]", MODE: "[value of MODE]" },
    },
  });
  expect(lines[1].headers).toEqual([["Authorization", "[removed]"]]);
  expect(atob(lines[2].reply.beginning)).toBe('{"env":{"PASS":"[value of PASS]","MODE":"[value of MODE]"}}');
  // Cut within the value.
  expect(atob(lines[4].request.beginning)).toBe("the log: [value of PASS]");
  expect(atob(lines[5].step.edit.base64)).toBe("edited: [value of PASS]");
  expect(lines.at(-1)).toMatchObject({
    error: { code: "guest-tools-lost", details: ["Last lines:", "  the log: the end"] },
  });
  expect(execFileSync("tar", ["-xzOf", target]).toString()).not.toMatch(/correct|pa55|Basic/);
});

test("an export begins with what it is, what was left out, and what nobody can know", async () => {
  const { paths, id } = await leaveSession();
  const { read, target } = await exportAndUnpack(paths, { id, leaveOut: ["serial", "screen"] });
  expect(execFileSync("tar", ["-tzf", target]).toString()).toMatch(/^\S+\/README\.md\n/);
  const readme = read("README.md");
  for (const text of [
    "# Run of worker",
    "- Tinsmith 1.2.3",
    "- System: linux x64, kernel 6.1",
    "- QEMU: found in ~/bin",
    "- the value of PASS: 9 times",
    "- your home folder: 2 times",
    "- a credential: 2 times",
    "- Serial console\n- The guest's screen",
    "Look at all of it before you send it",
  ])
    expect(readme).toContain(text);
});

test("no export has the memory of a guest: neither a saved state, nor a checkpoint, nor what a failed build has kept", async () => {
  const { paths, id } = await leaveSession();
  const { folder, working, keptWork } = sessionPaths(paths, id);
  const memory = "the memory of a guest";
  const state = join(cacheEntriesFolder(paths, "state"), "5f".repeat(20));
  for (const place of [state, folder, working, keptWork]) {
    mkdirSync(place, { recursive: true });
    for (const name of ["memory", "layer.qcow2", "checkpoint-1.memory"])
      writeFileSync(join(place, name), memory);
  }
  const { target } = await exportAndUnpack(paths, { id, leaveOut: [] });
  expect(execFileSync("tar", ["-tzf", target]).toString()).not.toMatch(/memory|qcow2|working|kept-work/);
  expect(execFileSync("tar", ["-xzOf", target]).toString()).not.toContain(memory);
});

test("who leaves the guest's log out leaves it out wherever it is", async () => {
  const { paths, id } = await leaveSession();
  const { folder, target } = await exportAndUnpack(paths, { id, leaveOut: ["task"] });
  expect(existsSync(join(folder, "bodies/1.reply"))).toBe(true);
  expect(existsSync(join(folder, "bodies/2.request"))).toBe(false);
  expect(execFileSync("tar", ["-xzOf", target]).toString()).not.toMatch(/the log|dGhlIGxvZ/);
});

test("who leaves bodies out leaves their beginnings out as well", async () => {
  const { paths, id } = await leaveSession();
  const { folder, read } = await exportAndUnpack(paths, { id, leaveOut: ["bodies"] });
  expect(existsSync(join(folder, "bodies"))).toBe(false);
  expect(read("events.jsonl")).toContain('"reply":{"bytes":60,"beginning":""}');
  expect(read("events.jsonl")).toContain('"step":null');
});

test("an export of a large log tells how far it is, and takes no more memory for that", async () => {
  const { paths, id } = await leaveSession();
  const line = `${"x".repeat(990)} ${secret}\n`;
  writeFileSync(sessionPaths(paths, id).serialLog, line.repeat(30_000));
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  const progress: number[] = [];
  const onProgress = ({ bytes, total }: { readonly bytes: number; readonly total: number }) => {
    progress.push(bytes / total);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  };
  const { read } = await exportAndUnpack(paths, { id, leaveOut: ["bodies"] }, { onProgress });
  // The exported logs have 2 times 30 MB.
  expect(most).toBeLessThan(24e6);
  expect(progress.length).toBeGreaterThan(100);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  const log = read("serial.log");
  expect(log.length).toBe(30_000 * (990 + " [value of PASS]\n".length));
  expect(log).not.toContain("correct");
});

test("an export that is aborted, or can't be written, leaves nothing", async () => {
  const { paths, id } = await leaveSession();
  const target = join(dirname(paths.sessions), "export.tar.gz");
  const signal = AbortSignal.abort(new Error("no longer wanted"));
  await expect(exportAndUnpack(paths, { id, leaveOut: [] }, { signal })).rejects.toThrow("no longer wanted");
  expect(readdirSync(dirname(target)).filter((name) => name.startsWith("export"))).toEqual([]);
  writeFileSync(target, "somebody's");
  await expect(exportAndUnpack(paths, { id, leaveOut: [] })).rejects.toMatchObject({ code: "file-exists" });
  expect(readFileSync(target, "utf8")).toBe("somebody's");
});

test("what is no session is said not to be there, with the nearest that is", async () => {
  const { paths, id } = await leaveSession();
  await expect(examineExport(paths, id.slice(0, -1))).rejects.toMatchObject({
    code: "no-session",
    advice: expect.stringContaining(`Did you mean ${id}? List all`),
  });
  await expect(examineExport(paths, "../sessions")).rejects.toMatchObject({ code: "no-session" });
});

test("a log that was damaged is exported all the same, and an id whose folder has no log is not its own nearest", async () => {
  const { paths, id } = await leaveSession();
  const { folder, events: log } = sessionPaths(paths, id);
  const started = { seq: 1, type: "run-started", task: { env: { PASS: secret, ODD: { a: 1 }, NONE: null } } };
  writeFileSync(log, `${JSON.stringify({ version: 1, ...started })}\n`);
  const { read } = await exportAndUnpack(paths, { id, leaveOut: [] });
  expect(read("serial.log")).not.toContain(secret);
  writeFileSync(log, '{"version":"x"}\n');
  await expect(examineExport(paths, id)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("is damaged"),
  });
  renameSync(log, join(folder, "other"));
  await expect(examineExport(paths, id)).rejects.toMatchObject({
    code: "no-session",
    advice: expect.stringMatching(/^List all that are kept with tinsmith sessions --all/),
  });
});
