import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { logBytesHeader } from "../../../shared/guest/task-outcome.ts";
import { type GuestScript, startTestGuest } from "../../support/test-guest.ts";
import { outcomeOf, startMeta, startTinsmith, tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 30_000 });

const nothing: GuestScript = { files: {}, shell: async () => true };

/** A MetaService with guest tools; both end with the test. */
async function start(args: readonly string[], script: GuestScript = nothing) {
  const meta = await startMeta(...args);
  const guest = startTestGuest({ socketPath: meta.socketPath }, script);
  onTestFinished(async () => {
    await guest[Symbol.asyncDispose]();
    await meta[Symbol.asyncDispose]();
  });
  return { meta, guest };
}

test.each([
  ["success", 0],
  ["failed", 1],
] as const)("it ends with the task's result: %s gives %i", async (result, status) => {
  const { meta, guest } = await start([]);
  await guest.log("a line\nhalf ");
  await guest.log("\u00ff\n");
  await guest.finish(result);
  const { exitStatus, stdout, stderr } = await meta.outcome;
  expect(stdout.toString()).toBe("a line\nhalf \u00ff\n");
  expect(stderr).toContain(`note: The MetaService listens on ${meta.socketPath}.`);
  expect(exitStatus).toBe(status);
});

test.each([
  ["failed", { "X-Tinsmith-Exit-Status": "7" }, 7, "the task failed: exit status 7"],
  ["failed", {}, 1, "The guest tools did not report the exit status"],
  ["success", {}, 0, "the task succeeded"],
] as const)(
  "with --exit-status it ends with the task's own: %s, %j",
  async (result, headers, status, text) => {
    const { meta, guest } = await start(["--exit-status"]);
    await guest.finish(result, headers);
    const { exitStatus, stderr } = await meta.outcome;
    expect(stderr).toContain(text);
    expect(exitStatus).toBe(status);
  },
);

test.each<[string, string[]]>([
  ["a file that is not there", ["run", "--exit-status", "--json", "no-such.tar.lz4", "--", "true"]],
  ["nowhere to listen", ["meta", "--exit-status", "--json", "--", "true"]],
])("with --exit-status %s is 125, and told by its code in JSON", async (_what, args) => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const { exitStatus, stdout } = await tinsmith(home, args);
  expect(exitStatus).toBe(125);
  expect(JSON.parse(stdout.toString())).toMatchObject({
    type: "run-failed",
    error: { code: expect.stringMatching("^(usage|missing-file)$") },
  });
});

test("a command line that is wrong is 125 with --exit-status, and 2 without", async () => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  expect((await tinsmith(home, ["run", "--exit-status", "--bad", "a", "--", "b"])).exitStatus).toBe(125);
  expect((await tinsmith(home, ["run", "--bad", "a", "--", "b", "--exit-status"])).exitStatus).toBe(2);
});

test("with --no-tty the task says so, and guest tools that always use a terminal are noted", async () => {
  const { meta, guest } = await start(["--no-tty"]);
  expect(await guest.task()).toEqual({ command: ["make", "test"], env: {}, tty: false });
  await meta.untilSaid("note: These guest tools always use a terminal");
});

test("what happened is in the session's log", async () => {
  const { meta, guest } = await start([], { files: { "/a/b": "" }, shell: async () => true });
  expect((await tinsmith(meta.home, ["ls", "/a"])).exitStatus).toBe(0);
  await guest.log("hello\n");
  await guest.finish("success");
  await meta.outcome;
  const folder = join(meta.home, "sessions", meta.id);
  const lines = readFileSync(join(folder, "events.jsonl"), "utf8").trimEnd().split("\n");
  const events = lines.map((line) => JSON.parse(line));
  const types: string[] = events.map(({ type }) => type);
  expect(types).toEqual(
    expect.arrayContaining([
      "run-started",
      "guest-tools-started",
      "exchange-started",
      "exchange-ended",
      "action-requested",
      "action-ended",
      "task-result",
    ]),
  );
  // An exchange that the end has cut is reported after that.
  expect(types.findLast((type) => !type.startsWith("exchange-"))).toBe("run-finished");
  const { exchange } = events.find(({ type }) => type === "action-answered");
  const reply = events.find((event) => event.type === "exchange-started" && event.exchange === exchange);
  expect(reply.target).toMatch(/^\/engine\/v1\/reply\?id=/);
  expect(readFileSync(join(folder, "task.log"), "utf8")).toBe("hello\n");
});

test("what Tinsmith finds wrong in an exchange is told once, with the number of the exchange", async () => {
  const { meta, guest } = await start([]);
  await guest.log("hello\n");
  await guest.finish("success", { [logBytesHeader]: "100" });
  const { stdout, stderr } = await meta.outcome;
  const told = stderr.match(
    /^note: Exchange \d+: The log has 6 bytes of the 100 bytes that the task has written\.$/gm,
  );
  expect(told).toHaveLength(1);
  expect(stdout.toString()).toBe("hello\n");
});

test("the result waits for a shell that is open", async () => {
  const ready = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<boolean>();
  const { meta, guest } = await start([], {
    files: {},
    shell: async ({ print }) => {
      await print("up");
      ready.resolve();
      return await finish.promise;
    },
  });
  const shell = startTinsmith(meta.home, ["shell", "--", "anything"]);
  const shellOutcome = outcomeOf(shell);
  await ready.promise;
  await guest.finish("success");
  await meta.untilSaid("The guest keeps running until its open shells and actions have ended.");
  finish.resolve(true);
  expect((await shellOutcome).exitStatus).toBe(0);
  expect((await meta.outcome).exitStatus).toBe(0);
});

test("with --keep-alive it stays after the result, and says how to reach it", async () => {
  const { meta, guest } = await start(["--keep-alive"]);
  await guest.finish("failed");
  await meta.untilSaid(`tinsmith shell --session ${meta.id}`);
  expect((await tinsmith(meta.home, ["shell"])).exitStatus).toBe(0);
});

test("a shell whose session ends says so", async () => {
  const ready = Promise.withResolvers<void>();
  const { meta } = await start(["--keep-alive"], {
    files: {},
    shell: async () => {
      ready.resolve();
      return await new Promise(() => {});
    },
  });
  const shell = outcomeOf(startTinsmith(meta.home, ["shell", "--", "anything"]));
  await ready.promise;
  await meta.interrupt();
  const { exitStatus, stderr } = await shell;
  expect(stderr).toMatch(/^error: /);
  expect([1, 3]).toContain(exitStatus);
});

test("on a port it says which one, and hands out the task with its environment", async () => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const args = ["--port", "0", "--env", "A=1", "--env", "B=x=y", "--json", "--", "make", "-j2"];
  const child = startTinsmith(home, ["meta", ...args]);
  const outcome = outcomeOf(child);
  let said = "";
  while (!said.includes("127.0.0.1:")) said += (await once(child.stdout, "data"))[0];
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(said)?.[1]);
  const [reply] = await once(request({ port, path: "/engine/v1/execute", agent: false }).end(), "response");
  expect(JSON.parse(await text(reply))).toEqual({ env: { A: "1", B: "x=y" }, command: ["make", "-j2"] });
  await startTestGuest({ port }, nothing).finish("success");
  const { exitStatus, stdout } = await outcome;
  expect(exitStatus).toBe(0);
  const events = stdout.toString().trimEnd().split("\n");
  expect(events.map((line) => JSON.parse(line).type)).toContain("task-result");
});

test.each<[string, string[], number, string]>([
  ["nowhere to listen", [], 2, "tinsmith meta needs a port or a socket to listen on"],
  ["a file in the socket's place", ["--socket", "taken"], 2, "taken already exists"],
  [
    "a socket with too long a path",
    ["--socket", "a".repeat(200)],
    2,
    "Choose a shorter, plain path for the socket.",
  ],
])("%s is refused", async (_what, args, status, text) => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, "taken"), "");
  const { exitStatus, stderr } = await tinsmith(home, ["meta", ...args, "--", "true"]);
  expect(stderr).toContain(text);
  expect(exitStatus).toBe(status);
});
