import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { createWriteBehind, writePieces } from "./write-behind.ts";

const bytes = (text: string) => Buffer.from(text);

/** Writes that take until they are let go, one after another. */
function heldWrites() {
  const writes: { text: string; done: PromiseWithResolvers<void> }[] = [];
  const write = (pieces: readonly Uint8Array[]) => {
    const done = Promise.withResolvers<void>();
    writes.push({ text: Buffer.concat(pieces).toString(), done });
    return done.promise;
  };
  return { writes, write };
}

test("what comes during one write is written together by the next, in its order", async () => {
  const { writes, write } = heldWrites();
  const behind = createWriteBehind(write);
  for (const text of ["a", "b", "c"]) expect(behind.add(bytes(text))).toBeUndefined();
  const flushed = behind.flush();
  writes[0]?.done.resolve();
  await vi.waitFor(() => expect(writes.map(({ text }) => text)).toEqual(["a", "bc"]));
  writes[1]?.done.resolve();
  await flushed;
});

test.each([
  ["too many bytes", Array.from({ length: 16 }, () => Buffer.alloc(64 * 1024))],
  ["too many pieces", Array.from({ length: 1024 }, () => bytes("x"))],
])("%s are held up until there is room", async (_what, pieces) => {
  const { writes, write } = heldWrites();
  const behind = createWriteBehind(write);
  void behind.add(bytes("first"));
  const waits = pieces.map((piece) => behind.add(piece));
  expect(waits.filter((wait) => wait)).toHaveLength(1);
  writes[0]?.done.resolve();
  await waits.at(-1);
  expect(behind.add(bytes("more"))).toBeUndefined();
});

test("a write that fails is told to the next piece, and to whoever waits for all; nothing is written after it", async () => {
  const { writes, write } = heldWrites();
  const behind = createWriteBehind(write);
  void behind.add(bytes("a"));
  void behind.add(bytes("b"));
  writes[0]?.done.reject(new Error("broken disk"));
  await expect(behind.flush()).rejects.toThrow("broken disk");
  expect(() => behind.add(bytes("c"))).toThrow("broken disk");
  await behind[Symbol.asyncDispose]();
  expect(writes).toHaveLength(1);
});

test("disposing waits for the write under way, and drops the rest", async () => {
  const { writes, write } = heldWrites();
  const behind = createWriteBehind(write);
  void behind.add(bytes("a"));
  void behind.add(bytes("b"));
  let over = false;
  const disposed = behind[Symbol.asyncDispose]().then(() => {
    over = true;
  });
  await new Promise(setImmediate);
  expect(over).toBe(false);
  writes[0]?.done.resolve();
  await disposed;
  expect(writes).toHaveLength(1);
});

test("pieces are written whole, where they belong, though a write takes only some of them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tinsmith-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "file");
  await using file = await open(path, "w+");
  const miserly = {
    writev: (pieces: readonly Uint8Array[], position?: number) =>
      file.writev([pieces[0]?.subarray(0, 2) ?? bytes("")], position),
  } as FileHandle;
  await writePieces(miserly, [bytes("one"), bytes(""), bytes("two")], 0);
  await writePieces(miserly, [bytes("three")], 6);
  expect(readFileSync(path, "utf8")).toBe("onetwothree");
});
