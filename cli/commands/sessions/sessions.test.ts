import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { newHome, openTestSession, startStoppedSession } from "../../../core/session/serve/test-session.ts";
import { sessionPaths } from "../../../core/storage/paths.ts";
import { tinsmith } from "../../support/test-meta.ts";

test("a session whose process was stopped is listed as running, beside one that answers", async () => {
  const paths = newHome();
  const session = await openTestSession(paths, {}, "a run");
  const stopped = await startStoppedSession(paths);
  const sessions = (...options: string[]) =>
    execa(join(import.meta.dirname, "../../../tinsmith"), ["sessions", ...options], {
      // The place of sockets does not depend on it.
      env: { TINSMITH_HOME: dirname(paths.sessions), XDG_RUNTIME_DIR: "/nonexistent" },
    });
  const { stdout, stderr } = await sessions();
  expect(stdout).toContain(`${stopped}  run`);
  expect(stdout).toMatch(/ a process {2}\(not answering\)$/m);
  expect(stdout).toMatch(/ a run$/m);
  expect(stderr).toBe("");
  const listed = JSON.parse((await sessions("--json")).stdout);
  expect(listed).toHaveLength(2);
  expect(listed).toContainEqual(expect.objectContaining({ id: session.id, isAnswering: true }));
  expect(listed).toContainEqual(expect.objectContaining({ id: stopped, isAnswering: false }));
});

test("--all lists the ended sessions too, the newest first, with state, end and title", async () => {
  const paths = newHome();
  const home = dirname(paths.sessions);
  expect((await tinsmith(home, ["sessions", "--all"])).stderr).toBe("No session is kept.\n");
  const leave = (id: string, ...events: object[]) => {
    mkdirSync(sessionPaths(paths, id).folder, { recursive: true });
    const lines = events.map((event) => `${JSON.stringify(event)}\n`);
    writeFileSync(sessionPaths(paths, id).events, lines.join(""));
  };
  const begun = { version: 1, seq: 1, time: 0, type: "run-started", title: "Run of worker" };
  const task = { command: ["sh", "-c", "make test"], env: {} };
  leave(
    "20200101-000000-aaaa",
    { ...begun, task },
    { seq: 2, time: 61_000, type: "run-finished", result: "success" },
  );
  leave("20200102-000000-bbbb", { ...begun, title: "a\nb" });
  const session = await openTestSession(paths, {}, "a run");
  session.record({ type: "run-started", title: "a run", session: session.id, folder: "/" } as never);

  const { stdout, exitStatus } = await tinsmith(home, ["sessions", "--all"]);
  expect(stdout.toString().split("\n")).toEqual([
    `${session.id}  run    running     ${" ".repeat(20)}  a run`,
    "20200102-000000-bbbb  run    killed      1970-01-01T00:00:00Z  a\\nb",
    "20200101-000000-aaaa  run    succeeded   1970-01-01T00:01:01Z  Run of worker: make test",
    "",
  ]);
  expect(exitStatus).toBe(0);
  expect(JSON.parse((await tinsmith(home, ["sessions", "--all", "--json"])).stdout.toString())).toMatchObject(
    [
      { id: session.id, status: "running" },
      { status: "killed" },
      { id: "20200101-000000-aaaa", status: "succeeded", started: 0, ended: 61_000 },
    ],
  );
  leave("20200103-000000-cccc", begun, { seq: 2, time: 1e300, type: "run-finished", result: "success" });
  const damaged = await tinsmith(home, ["sessions", "--all"]);
  expect(damaged.stdout.toString()).toContain(
    `20200103-000000-cccc  run    unreadable  ${" ".repeat(20)}  A session whose record can't be read\n`,
  );
  expect(damaged.stderr).toContain("note: session 20200103-000000-cccc: its record can't be read: ");
  const unknown = await tinsmith(home, ["sessions", "export", "nope"]);
  expect(unknown.stderr).toContain("tinsmith sessions --all");
});

test.each([
  ["whose beginning is cut off", (log: string) => log.slice(400)],
  ["that has only its last events", (log: string) => log.slice(log.lastIndexOf("\n{") + 1)],
  ["that has only its first bytes", (log: string) => log.slice(0, 300)],
])("a session with a record %s is used by no command", async (_, damage) => {
  const paths = newHome();
  const id = "20200103-000000-cccc";
  mkdirSync(sessionPaths(paths, id).folder, { recursive: true });
  const kept = join(import.meta.dirname, "../../../tests/fixtures/kept-files/session-log-0.jsonl");
  writeFileSync(sessionPaths(paths, id).events, damage(readFileSync(kept, "utf8")));
  const home = dirname(paths.sessions);
  for (const args of [
    ["sessions", "compare", id, id],
    ["sessions", "recording", id, join(home, "recording")],
    ["scenario", "save", id, join(home, "scenario.yaml")],
  ]) {
    const { stderr, exitStatus } = await tinsmith(home, args);
    expect(stderr, args.join(" ")).toContain(`error: session ${id}: its record can't be read: `);
    expect(exitStatus).toBe(2);
  }
});
