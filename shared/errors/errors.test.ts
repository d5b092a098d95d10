import { closeSync, openSync, readdirSync, writeSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { AppError, toAppError } from "./errors.ts";

function errorOf(work: () => unknown): AppError {
  try {
    work();
  } catch (thrown) {
    return toAppError(thrown);
  }
  throw new Error("nothing was thrown");
}

function refused(code: string): Error {
  return Object.assign(new Error(`${code}: refused, open '/a'`), { code });
}

test.each([
  "ENOENT",
  "ELOOP",
  "EEXIST",
  "EISDIR",
  "EFBIG",
  "EMFILE",
  "ENFILE",
  "ENOSPC",
  "EROFS",
  "EADDRINUSE",
])("the system's %s is explained, with what to do", (code) => {
  const { code: explained, message, advice } = toAppError(refused(code));
  expect(explained).not.toBe("internal");
  expect(message).not.toContain(code);
  expect(advice).toBeTruthy();
});

test("a folder that is not there is not a fault of Tinsmith's", () => {
  expect(errorOf(() => readdirSync("/no/such/folder"))).toMatchObject({
    code: "missing-file",
    message: "/no/such/folder: it does not exist",
  });
});

test("a current folder that was removed is named as such", () => {
  const thrown = Object.assign(new Error("ENOENT: process.cwd failed"), {
    code: "ENOENT",
    syscall: "uv_cwd",
  });
  expect(toAppError(thrown)).toMatchObject({
    code: "missing-file",
    message: "the current folder no longer exists",
    advice: "Change to a folder that exists.",
  });
});

test("an error that nobody expects is Tinsmith's own", () => {
  const file = openSync("/dev/null", "r");
  try {
    expect(errorOf(() => writeSync(file, "a"))).toMatchObject({ code: "internal" });
    expect(toAppError("a text")).toMatchObject({ code: "internal", message: "a text" });
  } finally {
    closeSync(file);
  }
});

test("work that was aborted was interrupted, for the reason that its signal has", async () => {
  const abortedFor = async (reason?: AppError) => {
    const controller = new AbortController();
    controller.abort(reason);
    return toAppError(await nextTurn(0, { signal: controller.signal }).catch((error) => error));
  };
  const reason = new AppError({ code: "timed-out", message: "the time was up" });
  expect(await abortedFor(reason)).toBe(reason);
  expect(await abortedFor()).toMatchObject({ code: "interrupted", message: "interrupted" });
  expect(toAppError(AbortSignal.abort().reason)).toMatchObject({ code: "interrupted" });
});
