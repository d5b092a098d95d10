import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { AppError, toAppError } from "../../shared/errors/errors.ts";
import { KvmFailure } from "../qemu/process/vm-end.ts";
import { createKeepFailed } from "../session/live/keep-failed-guest.ts";
import { createKeepGuest } from "./failed-guest.ts";

const failure = new AppError({ code: "build-failed", message: "it failed" });

function start(isWanted: boolean) {
  const keep = createKeepFailed("s1");
  const report = vi.fn();
  const onChange = vi.fn();
  const stop = new AbortController();
  keep.begin(isWanted, onChange);
  const socketFolder = mkdtempSync(join(tmpdir(), "kept-"));
  onTestFinished(() => rmSync(socketFolder, { recursive: true, force: true }));
  const files = { socketFolder, keptGuest: join(socketFolder, "kept-guest") };
  const keepGuest = createKeepGuest({ keep, files, report, signal: stop.signal, describe: toAppError });
  return { keep, files, report, onChange, stop, keepGuest };
}

/** Whether a promise has settled by now. */
const isOver = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => true), Promise.resolve(false)]);

test("a failed guest is kept when that is wanted, until it ends", async () => {
  const { files, report, keepGuest } = start(true);
  const ended = Promise.withResolvers<void>();
  // As a cleaner of temporary folders may do.
  rmSync(files.socketFolder, { recursive: true });
  const kept = keepGuest(failure, { ended: ended.promise });
  expect(existsSync(files.keptGuest)).toBe(true);
  expect(report.mock.calls[0]?.[0]).toMatchObject({ type: "guest-kept", wasOff: false });
  expect(await isOver(kept)).toBe(false);
  ended.resolve();
  await kept;
  expect(existsSync(files.keptGuest)).toBe(false);
});

test("a person can want it while the build runs, and ends it by ending the build", async () => {
  const { keep, onChange, keepGuest, stop } = start(false);
  await keepGuest(failure, { ended: new Promise(() => {}) });
  keep.want(true);
  keep.want(true);
  expect(onChange.mock.calls).toEqual([[false], [true]]);
  const kept = keepGuest(failure, { ended: new Promise(() => {}) });
  expect(await isOver(kept)).toBe(false);
  stop.abort();
  await kept;
});

test("a guest that is off is started again, and ended with the build", async () => {
  const { report, keepGuest, stop } = start(true);
  const dispose = vi.fn();
  const bootAgain = vi.fn(async () => ({ ended: new Promise(() => {}), [Symbol.asyncDispose]: dispose }));
  const kept = keepGuest(failure, { bootAgain });
  expect(report.mock.calls[0]?.[0]).toMatchObject({ wasOff: true });
  stop.abort();
  await kept;
  expect(bootAgain).toHaveBeenCalledTimes(1);
  expect(dispose).toHaveBeenCalledTimes(1);
});

test("a guest that can't be started again is no other failure than the first", async () => {
  const { report, keepGuest } = start(true);
  await keepGuest(failure, { bootAgain: () => Promise.reject(new Error("no memory")) });
  expect(report.mock.calls[1]?.[0].text).toContain("no memory");
});

test("a guest on which KVM gave up is not kept: the build starts again by itself", async () => {
  const { report, keepGuest } = start(true);
  await keepGuest(new KvmFailure({ code: "qemu-failed", message: "KVM gave up" }), {
    ended: Promise.resolve(),
  });
  expect(report).not.toHaveBeenCalled();
});

test("a session that builds nothing has no guest to keep", () => {
  expect(() => createKeepFailed("s1").want(true)).toThrow("session s1 is not a build");
});
