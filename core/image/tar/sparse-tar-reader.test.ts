import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  mebibyte,
  paxEntry,
  rawEntry,
  rawTar,
  readEntries,
  sampleBytes,
  shell,
  temporaryFolder,
  writeSparseFile,
} from "../test-fixtures.ts";
import { fileHeader } from "./sparse-tar-writer.ts";

test.each([
  { format: "--format=gnu -S" },
  { format: "--format=posix -S --sparse-version=0.0" },
  { format: "--format=posix -S --sparse-version=0.1" },
  { format: "--format=posix -S --sparse-version=1.0" },
  { format: "--format=gnu" },
  { format: "--format=ustar" },
])("a file with many holes is read from what GNU tar makes with $format", async ({ format }) => {
  await using folder = await temporaryFolder();
  const block = sampleBytes(4096);
  const data = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [index * 16_384, block]));
  await writeSparseFile(join(folder.path, "disk.img"), mebibyte, {
    ...data,
    [mebibyte - 10]: block.subarray(0, 10),
  });
  const tar = shell(`tar ${format} -cf - disk.img`, folder.path);

  const [entry] = await readEntries(tar);
  expect(entry?.content).toEqual(await readFile(join(folder.path, "disk.img")));
  expect(entry?.dataSize).toBe(format.includes("-S") ? 31 * 4096 : mebibyte);
});

test("a file without any data is read", async () => {
  await using folder = await temporaryFolder();
  await writeSparseFile(join(folder.path, "disk.img"), mebibyte, {});
  const [entry] = await readEntries(shell("tar -S -cf - disk.img", folder.path));
  expect(entry).toEqual({ name: "disk.img", dataSize: 0, content: Buffer.alloc(mebibyte) });
});

test("a folder entry and names with ./ are passed on as they are", async () => {
  await using folder = await temporaryFolder();
  const names = (await readEntries(shell("echo {} > machine.json; tar -cf - .", folder.path))).map(
    ({ name }) => name,
  );
  expect(names).toEqual(["./", "./machine.json"]);
});

test("a size in a PAX header counts, and so does a path", async () => {
  const header = fileHeader("short", 0);
  const tar = rawTar(
    paxEntry([
      ["path", "disk.img"],
      ["size", "3"],
    ]),
    header,
    Buffer.from("abc".padEnd(512, "\0")),
  );
  expect(await readEntries(tar)).toEqual([{ name: "disk.img", dataSize: 3, content: Buffer.from("abc") }]);
});

test("zeros after the end are read over", async () => {
  const tar = Buffer.concat([rawTar(rawEntry({ name: "a" })), Buffer.alloc(16 * mebibyte - 512)]);
  expect(await readEntries(tar)).toHaveLength(1);
});
