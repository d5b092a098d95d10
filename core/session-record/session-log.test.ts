import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { openSessionLog } from "./session-log.ts";
import { readSessionLog } from "./session-log-reader.ts";
import {
  all,
  eventsOf,
  flatten,
  newPath,
  numbers,
  record,
  recordExchange,
  take,
  texts,
} from "./test-session-log.ts";

test("events are numbered from 1 and have a time, their own if they bring one", async () => {
  const path = newPath();
  using log = openSessionLog(path);
  log.record({ type: "task-result", result: "success" });
  log.record({ time: 12.345, type: "note", text: "Zoë" });
  expect(await all(flatten(readSessionLog(path)))).toEqual([
    { seq: 1, time: expect.any(Number), type: "task-result", result: "success" },
    { seq: 2, time: 12.345, type: "note", text: "Zoë" },
  ]);
});

test("the file is its user's alone, and never somebody else's", () => {
  const path = newPath();
  using _log = openSessionLog(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(() => openSessionLog(path)).toThrow("EEXIST");
});

test("an event of any length is read whole", async () => {
  const path = newPath();
  using log = openSessionLog(path);
  const lengths = [65_400, 65_500, 65_536, 200_000, 1_000_000, 3];
  for (const length of lengths) log.record({ type: "note", text: "é".repeat(length) });
  const read = await all(flatten(readSessionLog(path)));
  expect(texts(read).map((text) => text.length)).toEqual(lengths);
  await using live = eventsOf(log);
  expect(await take(live, lengths.length)).toEqual(read);
});

test("a line that its killed process did not end is left out, and so is what is no event", async () => {
  const path = newPath();
  {
    using log = openSessionLog(path);
    record(log, 1, 2);
  }
  const whole = readFileSync(path, "utf8");
  appendFileSync(path, 'no JSON\n{"type":"note"}\nnull\n\0\0\n{"seq":3,"time":1,"type":"no');
  expect(numbers(await all(flatten(readSessionLog(path))))).toEqual([1, 2]);
  writeFileSync(path, whole.slice(0, -1));
  expect(numbers(await all(flatten(readSessionLog(path))))).toEqual([1]);
  writeFileSync(path, "");
  expect(await all(flatten(readSessionLog(path)))).toEqual([]);
});

test("a log that somebody cut ends its subscriptions with an error", async () => {
  const path = newPath();
  using log = openSessionLog(path);
  record(log, 1, 10);
  truncateSync(path, 100);
  await expect(all(eventsOf(log))).rejects.toThrow("is shorter than what was written");
});

test("a session whose folder was deleted goes on", () => {
  const path = newPath();
  using log = openSessionLog(path);
  rmSync(dirname(path), { recursive: true });
  mkdirSync(dirname(path));
  recordExchange(log, 1);
  record(log, 1, 2);
});
