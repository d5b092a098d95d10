import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { makePrivateFolder } from "../../files/private-folder.ts";
import { newHome, openTestSession } from "../../session/serve/test-session.ts";
import { sessionPaths } from "../../storage/paths.ts";
import { describeSession } from "./session-summary.ts";

test.each<[string, object, object]>([
  [
    "an expectation was not met",
    { type: "run-finished", result: "success", expectations: { all: 5, unmet: 1 } },
    { status: "failed" },
  ],
  [
    "its task was to fail",
    { type: "run-finished", result: "failed", expectations: { all: 2, unmet: 0 } },
    { status: "succeeded", taskKilled: false },
  ],
  [
    "it was to have no result",
    { type: "run-failed", error: { code: "timed-out", message: "late" }, expectations: { all: 1, unmet: 0 } },
    { status: "succeeded" },
  ],
  [
    "a person stopped it",
    { type: "run-failed", error: { code: "interrupted", message: "interrupted" } },
    { status: "cancelled" },
  ],
])("a scenario's session has the status of its expectations: %s", (_, end, summary) => {
  const events = [
    { version: 1, type: "run-started", title: "It works", scenario: {} },
    { type: "action-ended", action: 1, request: { type: "kill-process" } },
    end,
  ];
  const lines = events.map((event, index) => JSON.stringify({ seq: index + 1, time: 1, ...event }));
  const paths = newHome();
  const files = sessionPaths(paths, "one");
  makePrivateFolder(paths.sessions);
  makePrivateFolder(files.folder);
  writeFileSync(files.events, `${lines.join("\n")}\n`);
  expect(describeSession(paths, "one")).toMatchObject({ title: "It works", isScenario: true, ...summary });
});

test("a scenario's session tells its place among others, and that they were stopped after it", () => {
  const series = { names: ["It works", "It still works"], earlier: [] };
  const events = [
    { version: 1, type: "run-started", title: "It works", scenario: { series } },
    { type: "series-stopped" },
    { type: "run-finished", result: "success", expectations: { all: 1, unmet: 0 } },
  ];
  const lines = events.map((event, index) => JSON.stringify({ seq: index + 1, time: 1, ...event }));
  const paths = newHome();
  const files = sessionPaths(paths, "one");
  makePrivateFolder(paths.sessions);
  makePrivateFolder(files.folder);
  writeFileSync(files.events, `${lines.join("\n")}\n`);
  expect(describeSession(paths, "one")).toMatchObject({ series, seriesStopped: true, status: "succeeded" });
});

test("a session says how many messages its breakpoints hold, until it has ended", async () => {
  const paths = newHome();
  const session = await openTestSession(paths);
  session.record({ type: "build-started", title: "b", session: session.id, folder: "", output: "" });
  const held = () => describeSession(paths, session.id)?.held;
  const hold = (number: number) =>
    session.record({ type: "message-held", held: number, rule: "r", exchange: number, from: "guest" });
  expect(held()).toBeUndefined();
  hold(1);
  hold(2);
  expect(held()).toBe(2);
  session.record({ type: "message-released", held: 1, rule: "r", exchange: 1, release: "unchanged" });
  expect(held()).toBe(1);
  await session[Symbol.asyncDispose]();
  expect(held()).toBeUndefined();
});
