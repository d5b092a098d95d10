import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import * as freeSpace from "../free-space.ts";
import { createGrowingFile, readGrowing } from "./growing-file.ts";
import { LogFile } from "./log-file.ts";
import { joinSegments, logQuota } from "./log-tail.ts";

const quota = logQuota(8 * 1024 ** 2);
/** 300 bytes of a beginning, and segments of 50. */
const small = logQuota(400);

function newLog(): string {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "task.log");
}

/** Lines of 10 bytes, with their numbers. */
function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) =>
    `${from + index}`.padEnd(9, ".").concat("\n"),
  ).join("");
}

test("what comes is added, for this user's eyes only", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "task.log");
  for (const text of ["first\n", "second\n"]) {
    await using log = await LogFile.create(createGrowingFile(path), { quota });
    await log.write(Buffer.from(text));
  }
  expect(readFileSync(path, "utf8")).toBe("first\nsecond\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("what was taken is in the file once it was flushed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "task.log");
  await using log = await LogFile.create(createGrowingFile(path), { quota });
  const pieces = Array.from({ length: 300 }, (_, index) => Buffer.alloc(10_000, index));
  for (const piece of pieces) await log.write(piece);
  await log.flush();
  expect(readFileSync(path).equals(Buffer.concat(pieces))).toBe(true);
});

test("whoever reads it meanwhile is told that it has grown", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = createGrowingFile(join(folder, "task.log"));
  const reading = Array.fromAsync(readGrowing(file, 0, new AbortController().signal));
  {
    await using log = await LogFile.create(file, { quota });
    await log.write(Buffer.from("first\n"));
    await log.flush();
    await log.write(Buffer.from("second\n"));
  }
  file.end();
  expect(Buffer.concat(await reading).toString()).toBe("first\nsecond\n");
});

test("a full disk is passed over: what is logged goes on", async () => {
  const onNote = vi.fn();
  const log = await LogFile.create(createGrowingFile("/dev/full"), { quota, onNote, reserve: 0 });
  await expect(log.write(Buffer.from("text"))).resolves.toBeUndefined();
  await expect(log[Symbol.asyncDispose]()).resolves.toBeUndefined();
  expect(onNote).toHaveBeenCalledOnce();
});

test("a disk that is nearly full costs the log what would take its last space, which is said once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "task.log");
  const onNote = vi.fn();
  await using log = await LogFile.create(createGrowingFile(path), {
    quota,
    onNote,
    reserve: Number.MAX_SAFE_INTEGER,
  });
  await log.write(Buffer.from("first\n"));
  await log.write(Buffer.from("second\n"));
  expect(readFileSync(path, "utf8")).toBe("");
  expect(onNote).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/task\.log will lack .* free\.$/));
});

test("past its quota a log keeps its beginning and its end, says so inside, and notes it once", async () => {
  const path = newLog();
  const onNote = vi.fn();
  {
    await using log = await LogFile.create(createGrowingFile(path), { quota: small, onNote });
    for (let line = 1; line <= 100; line++) await log.write(Buffer.from(lines(line, line)));
    await log.flush();
    // Never more than the quota is on the disk.
    const sizes = readdirSync(dirname(path)).map((name) => statSync(join(dirname(path), name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(400);
  }
  expect(readFileSync(path, "utf8")).toBe(
    `${lines(1, 30)}\r\n[Tinsmith left out 600 bytes of this log here: it keeps only its beginning and its end.]\r\n${lines(91, 100)}`,
  );
  expect(readdirSync(dirname(path))).toEqual(["task.log"]);
  expect(onNote).toHaveBeenCalledExactlyOnceWith(
    `${path} has grown to 300 bytes: from now on, Tinsmith keeps only its last 50 bytes or more.`,
  );
});

test("a log that ends soon after its quota lacks nothing", async () => {
  const path = newLog();
  {
    await using log = await LogFile.create(createGrowingFile(path), { quota: small });
    await log.write(Buffer.from(lines(1, 39)));
  }
  expect(readFileSync(path, "utf8")).toBe(lines(1, 39));
});

test("whoever reads a log goes on to its end past the quota, and one who comes late is told what is missing", async () => {
  const path = newLog();
  const file = createGrowingFile(path);
  const { signal } = new AbortController();
  const live = readGrowing(file, 0, signal);
  let seen = "";
  const readTo = async (text: string) => {
    while (!seen.endsWith(text)) seen += Buffer.from((await live.next()).value ?? []).toString();
  };
  for (const quotaUsed of [1, 2]) {
    await using log = await LogFile.create(file, { quota: small });
    for (let line = 1; line <= 60; line++) {
      await log.write(Buffer.from(lines(quotaUsed * 100 + line, quotaUsed * 100 + line)));
      await log.flush();
      await readTo(lines(quotaUsed * 100 + line, quotaUsed * 100 + line));
    }
    if (quotaUsed > 1) continue;
    const late = readGrowing(file, 0, signal);
    let caughtUp = "";
    while (!caughtUp.endsWith(lines(160, 160)))
      caughtUp += Buffer.from((await late.next()).value ?? []).toString();
    await late.return();
    expect(caughtUp).toBe(
      `${lines(101, 130)}\r\n[Tinsmith left out 200 bytes of this log here: it keeps only its beginning and its end.]\r\n${lines(151, 160)}`,
    );
  }
  // Nothing was left out for the one that was there, although the log was closed and opened again.
  expect(seen).toBe(lines(101, 160) + lines(201, 260));
  file.end();
  expect((await live.next()).done).toBe(true);
});

test("the end of a log whose process was killed is joined to its beginning afterwards", async () => {
  const path = newLog();
  const log = await LogFile.create(createGrowingFile(path), { quota: small });
  await log.write(Buffer.from(lines(1, 58)));
  await log.flush();
  expect(readdirSync(dirname(path)).sort()).toEqual(["task.log", "task.log.5", "task.log.6"]);
  await joinSegments(path, small.segment);
  expect(readFileSync(path, "utf8")).toContain(`.\n\r\n[Tinsmith left out 200 bytes of this log here`);
  expect(readFileSync(path, "utf8").endsWith(lines(51, 58))).toBe(true);
  expect(readdirSync(dirname(path))).toEqual(["task.log"]);
});

test("where a disk had no space for some of a log, the log says how much", async () => {
  const path = newLog();
  let free = 0;
  const space = vi.spyOn(freeSpace, "createSpaceReserve").mockReturnValue({
    fits: async () => true,
    take: () => free > 0,
  });
  onTestFinished(() => space.mockRestore());
  await using log = await LogFile.create(createGrowingFile(path), { quota });
  await log.write(Buffer.from("lost\n"));
  free = 1;
  await log.write(Buffer.from("kept\n"));
  await log.flush();
  expect(readFileSync(path, "utf8")).toBe(
    "\r\n[Tinsmith left out 5 bytes of this log here: its disk was full, or nearly so.]\r\nkept\n",
  );
});
