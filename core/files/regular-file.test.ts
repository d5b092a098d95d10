import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, readSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "../image/test-fixtures.ts";
import {
  openKeptFile,
  openRegularFile,
  openRegularFileSync,
  requireRegularFile,
  statusOf,
} from "./regular-file.ts";

let folder: string;

beforeAll(async () => {
  const made = await temporaryFolder();
  folder = made.path;
  const server = createServer().listen(join(folder, "socket"));
  mkdirSync(join(folder, "folder"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  symlinkSync("pipe", join(folder, "link to a pipe"));
  symlinkSync("loop", join(folder, "loop"));
  symlinkSync("nowhere", join(folder, "dangling"));
  writeFileSync(join(folder, "file"), "content");
  symlinkSync("file", join(folder, "link"));
  return async () => {
    server.close();
    await made[Symbol.asyncDispose]();
  };
});

const refused = [
  ["pipe", "usage", "is a named pipe, not a file"],
  ["link to a pipe", "usage", "is a named pipe, not a file"],
  ["socket", "usage", "is a socket, not a file"],
  ["folder", "usage", "is a folder, not a file"],
  ["/dev/zero", "usage", "is a character device, not a file"],
  ["/proc/self/mem", "usage", "is a virtual file of the system, not a file"],
  ["loop", "usage", "is a symbolic link that leads back to itself"],
  ["dangling", "missing-file", "does not exist"],
  ["missing", "missing-file", "does not exist"],
  ["file/below", "missing-file", "does not exist"],
  ["a".repeat(300), "path-too-long", "is too long"],
  // Node's reading of an argument whose bytes are not UTF-8.
  ["latin1\ufffd", "missing-file", "does not exist, or its name is not UTF-8"],
  ["nul\0", "usage", "is not a path: it has a NUL character"],
] as const;

test.each(refused)("%j is refused at once, in words", async (name, code, words) => {
  const path = name.startsWith("/") ? name : join(folder, name);
  const error = expect.objectContaining({
    name: "AppError",
    code,
    message: expect.stringContaining(words),
    advice: expect.any(String),
  });
  await expect(openRegularFile(path)).rejects.toEqual(error);
  expect(() => openRegularFileSync(path)).toThrow(error);
  expect(() => requireRegularFile(path)).toThrow(error);
});

test("a regular file is opened, also by way of a link", async () => {
  await using file = await openRegularFile(join(folder, "link"));
  expect((await file.readFile()).toString()).toBe("content");
  const descriptor = openRegularFileSync(join(folder, "file"));
  expect(readSync(descriptor, Buffer.alloc(10))).toBe(7);
  closeSync(descriptor);
  expect(requireRegularFile(join(folder, "file"))).toBe(join(folder, "file"));
});

test("what else is accepted is accepted, and the advice names it", () => {
  const path = join(folder, "folder");
  expect(requireRegularFile(path, { kinds: ["file", "folder"] })).toBe(path);
  expect(() => requireRegularFile(join(folder, "pipe"), { kinds: ["file", "block device"] })).toThrow(
    expect.objectContaining({ advice: "Give the path of a file, or of a block device." }),
  );
});

test("the status of a path that leads nowhere is undefined, whatever the reason", () => {
  expect(statusOf(join(folder, "file"))?.size).toBe(7);
  for (const name of ["loop", "dangling", "file/below", "a".repeat(300), "nul\0"])
    expect(statusOf(join(folder, name))).toBeUndefined();
});

test("an empty file that is removed while it is opened is a regular file all the same", async () => {
  const path = join(folder, "short-lived");
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const remove = `
    const { workerData: { path, stop } } = require("node:worker_threads");
    while (!Atomics.load(stop, 0)) require("node:fs").rmSync(path, { force: true });
  `;
  const remover = new Worker(remove, { eval: true, workerData: { path, stop } });
  try {
    await new Promise((resolve) => remover.once("online", resolve));
    for (let round = 0; round < 3000; round++) closeSync(openKeptFile(path));
  } finally {
    Atomics.store(stop, 0, 1);
    await remover.terminate();
  }
});
