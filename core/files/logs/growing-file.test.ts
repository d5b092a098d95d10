import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createGrowingFile, readGrowing, wholeFile } from "./growing-file.ts";

function makePath(): string {
  const folder = mkdtempSync(join(tmpdir(), "growing-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "log");
}

const never = new AbortController().signal;

async function readAll(blocks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const block of blocks) all.push(block);
  return Buffer.concat(all).toString();
}

test("a reader gets what is there, and what comes, to the end", async () => {
  const path = makePath();
  writeFileSync(path, "one ");
  const file = createGrowingFile(path);
  const read = readAll(readGrowing(file, 0, never));
  for (const word of ["two ", "three "]) {
    await new Promise(setImmediate);
    appendFileSync(path, word);
    file.grown();
  }
  appendFileSync(path, "four");
  file.end();
  expect(await read).toBe("one two three four");
});

test("a reader that comes back goes on where it was", async () => {
  const path = makePath();
  writeFileSync(path, "0123456789");
  expect(await readAll(readGrowing(wholeFile(path), 7, never))).toBe("789");
  expect(await readAll(readGrowing(wholeFile(path), 10, never))).toBe("");
});

test("bytes are never lost or doubled, however the writer and a slow reader interleave", async () => {
  const path = makePath();
  const file = createGrowingFile(path);
  const text = Array.from({ length: 20_000 }, (_, number) => `${number}\n`).join("");
  const read = (async () => {
    const blocks: Uint8Array[] = [];
    for await (const block of readGrowing(file, 0, never)) {
      blocks.push(block);
      if (Math.random() < 0.3) await new Promise(setImmediate);
    }
    return Buffer.concat(blocks).toString();
  })();
  for (let at = 0; at < text.length; ) {
    const length = Math.ceil(Math.random() * 5_000);
    appendFileSync(path, text.slice(at, at + length));
    at += length;
    file.grown();
    if (Math.random() < 0.5) await new Promise(setImmediate);
  }
  file.end();
  expect(await read).toBe(text);
});

test("a file that is not there yet is waited for, and one that never comes is empty", async () => {
  const path = makePath();
  const file = createGrowingFile(path);
  const read = readAll(readGrowing(file, 0, never));
  await new Promise(setImmediate);
  writeFileSync(path, "late");
  file.end();
  expect(await read).toBe("late");
  expect(await readAll(readGrowing(wholeFile(`${path}.none`), 0, never))).toBe("");
});

test("an abort ends a reader that waits", async () => {
  const file = createGrowingFile(makePath());
  const controller = new AbortController();
  const read = readAll(readGrowing(file, 0, controller.signal));
  controller.abort();
  expect(await read).toBe("");
});
