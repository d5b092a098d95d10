import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { type GuestScript, startTestGuest } from "./test-guest.ts";
import { outcomeOf, startMeta, startTinsmith, tinsmith } from "./test-meta.ts";

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
  // An exchange that the end has cut is told of after that.
  expect(types.findLast((type) => !type.startsWith("exchange-"))).toBe("run-finished");
  const { exchange } = events.find(({ type }) => type === "action-answered");
  const reply = events.find((event) => event.type === "exchange-started" && event.exchange === exchange);
  expect(reply.target).toMatch(/^\/engine\/v1\/reply\?id=/);
  expect(readFileSync(join(folder, "task.log"), "utf8")).toBe("hello\n");
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
  await meta.untilSaid("The guest stays until the shells and actions that are open have ended.");
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
  ["nowhere to listen", [], 2, "meta needs to know where to listen"],
  ["a socket that is there already", ["--socket", "taken"], 5, "something listens there already"],
])("%s is refused", async (_what, args, status, text) => {
  const home = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, "taken"), "");
  const { exitStatus, stderr } = await tinsmith(home, ["meta", ...args, "--", "true"]);
  expect(stderr).toContain(text);
  expect(exitStatus).toBe(status);
});
