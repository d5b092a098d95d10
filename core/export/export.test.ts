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
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { cacheEntriesFolder, sessionPaths } from "../storage/paths.ts";
import { examineExport } from "./export.ts";
import { exportAndUnpack, leaveSession, secret } from "./test-export.ts";

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
      recording: 114 + 52,
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
      ...["install.cast", "install.yaml", "qemu.log", "screen.png", "screen.txt", "serial.log", "task.log"],
    ].sort(),
  );
  expect(read("serial.log")).toBe("login: [value of PASS]\r\n");
  expect(read("qemu.log")).toBe("qemu: https://[removed]@mirror/\n");
  expect(read("bodies/1.reply")).toBe('{"env":{"PASS":"[value of PASS]"}}');
  expect(read("screen.png")).toBe("a picture");
  expect(read("screen.txt")).toBe("login: [value of PASS]\n");
  expect(read("install.yaml")).toBe('install:\n  - { type: "echo [value of PASS]" }\n');
  expect(read("install.cast").split("\n").slice(1)).toEqual([
    '[1,"o","# "]',
    '[2,"i","echo [value of PASS]"]',
    '[3,"i","\\r"]',
    "",
  ]);

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

test.each(["serial", "screen"] as const)(
  "an export without the part %s has no recording, either",
  async (part) => {
    const { paths, id } = await leaveSession();
    const { folder, read } = await exportAndUnpack(paths, { id, leaveOut: [part] });
    expect(readdirSync(folder).filter((name) => name.startsWith("install"))).toEqual([]);
    expect(read("README.md")).toContain("\n- Recording of the installation\n");
  },
);

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
