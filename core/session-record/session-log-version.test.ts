import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initialRunState, isRunEvent, reduceRun } from "../../shared/session/run.ts";
import type { SessionEvent } from "../../shared/session/session-event.ts";
import { makePrivateFolder } from "../files/private-folder.ts";
import { newHome } from "../session/serve/test-session.ts";
import { openSessionLog } from "./session-log.ts";
import { readSessionLog } from "./session-log-reader.ts";

const keptFiles = join(import.meta.dirname, "../../tests/fixtures/kept-files");

async function read(path: string): Promise<readonly SessionEvent[]> {
  return (await Array.fromAsync(readSessionLog(path))).flat();
}

function newLog(): string {
  const { sessions } = newHome();
  makePrivateFolder(sessions);
  return join(sessions, "events.jsonl");
}

test("the first line of a log tells its version, which is no part of the event", async () => {
  const path = newLog();
  const log = openSessionLog(path);
  for (const text of ["one", "two"]) log.record({ type: "note", text, time: 1 });
  log[Symbol.dispose]();
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).version)).toEqual([1, undefined]);
  const events = [
    { seq: 1, type: "note", text: "one", time: 1 },
    { seq: 2, type: "note", text: "two", time: 1 },
  ];
  expect(await read(path)).toEqual(events);
  expect((await Array.fromAsync(log.subscribe())).flat()).toEqual(events);
});

test("a log of the first days, whose events had no numbers, reads as a run that went well", async () => {
  const events = await read(join(keptFiles, "session-log-0-unnumbered.jsonl"));
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(events.filter(isRunEvent).reduce(reduceRun, initialRunState)).toMatchObject({
    request: { kind: "run", title: "Run", task: { command: [], env: {} }, keepAlive: false },
    outcome: { status: "finished", finished: 1795391763530, result: "success" },
  });
});

test("a log without a version that numbers its events reads as it is", async () => {
  const path = join(keptFiles, "session-log-0.jsonl");
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(await read(path)).toEqual(lines.map((line) => JSON.parse(line)));
});

test("an event whose time is none is left out", async () => {
  const path = newLog();
  const times = ["1e300", "-1", '"x"', "null", "253402300800000", "2"];
  const lines = times.map((time, index) => `{"version":1,"seq":${index + 1},"type":"note","time":${time}}\n`);
  writeFileSync(path, lines.join(""));
  expect((await read(path)).map(({ seq }) => seq)).toEqual([6]);
});

test("a newer Tinsmith's log is refused, not misread", async () => {
  const path = newLog();
  writeFileSync(path, '{"version":2,"seq":1,"type":"run-started"}\n{"seq":2,"type":"note"}\n');
  await expect(read(path)).rejects.toMatchObject({
    code: "newer-version",
    message: `the file ${path} holds a session log of version 2, and this Tinsmith supports versions up to 1`,
  });
});
