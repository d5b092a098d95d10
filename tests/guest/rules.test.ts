import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { attach } from "../../core/session/client/attach.ts";
import { findPaths } from "../../core/storage/paths.ts";
import type { HeldMessage, ReleaseRequest } from "../../shared/rules/held-message.ts";
import { eventually } from "../eventually.ts";
import { makeBuiltWorkshop } from "./built-workshop.ts";
import { type Outcome, tinsmith } from "./tinsmith.ts";

// One guest, whose tools go through a fault of each endpoint before its task has ended, and through breakpoints after that.

const workshop = makeBuiltWorkshop();

const faults = `
seed: 1
rules:
  - name: refused execute
    when: {endpoint: execute}
    steps: [{answer: {status: 503}}]
    times: 2
  - name: execute in small pieces
    when: {from: host, endpoint: execute}
    steps: [{delay: 0.5}, {split: 1}]
  - name: cut log
    when: {endpoint: log}
    steps: [{cut: {after: 5000}}]
  - name: lost result
    when: {from: host, endpoint: success}
    steps: [{cut: {}}]
  - name: broken poll
    when: {from: host, endpoint: poll, action: none}
    steps: [{edit: {text: "not JSON"}}]
`;

let ended: Promise<Outcome>;
let interrupt = (_signal: NodeJS.Signals) => {};
const ask = (...args: readonly string[]) => tinsmith(workshop, args);

beforeAll(async () => {
  const file = join(workshop.folder, "faults.yaml");
  writeFileSync(file, faults);
  const ready = Promise.withResolvers<void>();
  // Lines that are written before the guest tools notice the cut may be lost, so the last line comes a second later.
  const print = "i=0; while [ $i -lt 1000 ]; do echo line $i; i=$((i + 1)); done; sleep 1; echo end";
  ended = tinsmith(
    workshop,
    ["run", "--keep-alive", "--rules", file, workshop.workerImage, "--", "sh", "-c", print],
    {
      onStderr: (text, kill) => {
        interrupt = kill;
        if (text.includes("look into it with")) ready.resolve();
      },
    },
  );
  await Promise.race([ready.promise, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))]);
});
afterAll(async () => {
  interrupt("SIGINT");
  await ended;
});

/** The session, as a window is attached to it, and the messages that it shows as held. */
async function openWindow() {
  const session = await attach(
    findPaths({ XDG_STATE_HOME: workshop.folder, XDG_RUNTIME_DIR: workshop.folder }),
  );
  const closed = new AbortController();
  onTestFinished(() => {
    closed.abort();
    session[Symbol.dispose]();
  });
  let held: readonly HeldMessage[] = [];
  const follow = async () => {
    for await (const now of await session.api.rules.watchHeld(undefined, { signal: closed.signal }))
      ({ held } = now);
  };
  follow().catch(() => {});
  let status = "";
  const watch = async () => {
    for await (const now of await session.api.machine.watch(undefined, { signal: closed.signal }))
      ({ status } = now);
  };
  watch().catch(() => {});
  return {
    folder: (await session.api.session.describe()).folder,
    status: () => status,
    addRule: async (text: string) => {
      const file = join(workshop.folder, "rules.yaml");
      writeFileSync(file, `rules: [${text}]`);
      expect((await ask("rules", "add", file)).stderr).toBe("");
    },
    untilHeld: (count: number) =>
      eventually(
        () => {
          expect(held).toHaveLength(count);
          return held;
        },
        { timeout: 60_000 },
      ),
    bodyOf: async (number: number) => {
      const { body } = await session.api.rules.heldBody({ held: number });
      return Buffer.from(body, "base64").toString();
    },
    release: (number: number, request: ReleaseRequest) =>
      session.api.rules.release({ held: number, request }),
  };
}

test("guest tools survive a fault of each endpoint: the task ran once, and its log goes on after the cut", async () => {
  const { stdout } = await ask("rules", "list", "--json");
  const rules = stdout
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(Object.fromEntries(rules.map(({ rule, hits }) => [rule.name, hits]))).toMatchObject({
    "refused execute": 2,
    "execute in small pieces": 1,
    "cut log": 1,
    "lost result": 1,
  });
  const { folder } = await openWindow();
  const lines = readFileSync(join(folder, "task.log"), "utf8").split("\r\n");
  for (const line of ["line 0", "line 400", "end"])
    expect(lines.filter((one) => one === line)).toHaveLength(1);
});

test("a held response pauses the virtual machine; edited, it lists another folder; then the guest goes on", async () => {
  const window = await openWindow();
  await window.addRule(
    "{name: hold listing, when: {from: host, endpoint: poll, action: list-folder}, steps: [{hold: true}]}",
  );
  const listing = ask("ls", "/no/such/folder");
  const [held] = await window.untilHeld(1);
  await eventually(() => expect(window.status()).toBe("paused"));
  const action = JSON.parse(await window.bodyOf(held?.number ?? 0));
  expect(action).toMatchObject({ type: "list-folder", path: "/no/such/folder" });
  await window.release(held?.number ?? 0, { release: "edited", edit: { json: { ...action, path: "/opt" } } });
  expect(await listing).toMatchObject({ exitStatus: 0 });
  await eventually(() => expect(window.status()).toBe("running"));
});

test("a rule that is removed lets its message go, and a held request is cut, so that the guest sends it again", async () => {
  const window = await openWindow();
  await window.addRule(
    "{name: hold reply, when: {endpoint: reply, action: list-folder}, steps: [{hold: true}], times: 2}",
  );
  const listing = ask("ls", "/opt");
  const [first] = await window.untilHeld(1);
  await window.release(first?.number ?? 0, { release: "cut", cut: { by: "close" } });
  // The guest may send it again before a look finds none.
  await eventually(async () => expect((await window.untilHeld(1))[0]?.number).not.toBe(first?.number), {
    timeout: 60_000,
  });
  expect((await ask("rules", "remove", "hold reply")).exitStatus).toBe(0);
  expect(await listing).toMatchObject({ exitStatus: 0 });
});

test("without a window a breakpoint holds nothing", async () => {
  const file = join(workshop.folder, "rules.yaml");
  writeFileSync(file, "rules: [{name: alone, when: {endpoint: reply}, steps: [{hold: true}]}]");
  await ask("rules", "add", file);
  expect(await ask("ls", "/opt")).toMatchObject({ exitStatus: 0 });
  const { stdout } = await ask("rules", "list");
  expect(stdout.toString()).toContain("alone: request to reply: hold (applied to 1 message, used up)");
});
