import { appendFileSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { parseOutputTimes } from "../../shared/session/output-times.ts";
import { createGrowingFile } from "../files/logs/growing-file.ts";
import { recordOutputTimes } from "./output-times.ts";

const timesIn = (path: string) => parseOutputTimes(readFileSync(path, "utf8")).times;

function beginLog() {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-times-"));
  const log = createGrowingFile(join(folder, "serial.log"));
  const times = join(folder, "serial.times");
  const print = (text: string) => {
    appendFileSync(log.path, text);
    log.grown();
  };
  return { log, times, print, recorded: recordOutputTimes(log, times) };
}

test("the bytes of a console have the times at which they came, also the last ones", async () => {
  const { times, print, recorded } = beginLog();
  const before = Date.now();
  print("login: ");
  await vi.waitFor(() => expect(timesIn(times)).toHaveLength(1));
  print("root");
  print("\r\n#");
  recorded[Symbol.dispose]();
  const noted = timesIn(times);
  expect(noted[0]?.[1]).toBe(7);
  expect(noted.at(-1)?.[1]).toBe(14);
  const moments = noted.map(([time]) => time);
  expect(moments).toEqual(moments.toSorted((one, other) => one - other));
  expect(moments[0]).toBeGreaterThanOrEqual(before);
});

test("bytes that come right after others are noted although nothing follows them", async () => {
  const { times, print, recorded } = beginLog();
  print("login: ");
  await vi.waitFor(() => expect(timesIn(times)).toHaveLength(1), {
    interval: 1,
  });
  print("root");
  await vi.waitFor(() => expect(timesIn(times).at(-1)?.[1]).toBe(11));
  recorded[Symbol.dispose]();
});

test("nothing is noted of a console that prints nothing, nor after its end", async () => {
  const { times, print, recorded } = beginLog();
  recorded[Symbol.dispose]();
  print("late");
  recorded[Symbol.dispose]();
  expect(() => readFileSync(times)).toThrow("ENOENT");
});

test("a log that continues in other files has no times from there on", async () => {
  const { log, times, print, recorded } = beginLog();
  print("beginning");
  await vi.waitFor(() => expect(readFileSync(times, "utf8")).toMatch(/ 9\n$/));
  const end = { path: `${log.path}.1`, start: 9, end: Number.POSITIVE_INFINITY, offset: 0 };
  log.rearranged([{ path: log.path, start: 0, end: 9, offset: 0 }, end]);
  appendFileSync(end.path, "end");
  log.grown();
  recorded[Symbol.dispose]();
  expect(readFileSync(times, "utf8")).toMatch(/^\d+ 9\n$/);
});
