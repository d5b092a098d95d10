import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { createNoise, makeTestFolder, readWhole } from "../test-folder.ts";
import { sourceOfBytes } from "../test-source.ts";
import { decompress } from "./decompress.ts";

const limitBytes = 10 * 1024 ** 2;
const content = Buffer.concat([createNoise(300_000), Buffer.alloc(700_000), Buffer.from("the end")]);
const commands = [
  "gzip -c",
  "xz -c",
  "xz -c --x86 --lzma2 --check=sha256",
  "bzip2 -c",
  "zstd -qc",
  "lz4 -qc",
  "lz4 -lqc",
];

function compress(folder: string, command: string, data: Buffer = content): Buffer {
  const path = join(folder, "data");
  writeFileSync(path, data);
  return execFile(command, path);
}

function execFile(command: string, path: string): Buffer {
  const [program = "", ...args] = command.split(" ");
  return Buffer.from(execFileSync(program, [...args, path], { maxBuffer: 1e9 }));
}

test.for(commands)("decompresses what %s makes, also twice in a row, and leaves no file", async (command) => {
  const folder = makeTestFolder();
  const once = compress(folder, command);
  const data = Buffer.concat([once, once]);
  await using bytes = await decompress(sourceOfBytes(data), { folder, limitBytes });
  if (!bytes) throw new Error("it is not recognized");
  expect(bytes.size).toBe(2 * content.length);
  expect((await readWhole(bytes)).equals(Buffer.concat([content, content]))).toBe(true);
  expect(await bytes.read(300_000, 10)).toEqual(Buffer.alloc(10));
  expect(readdirSync(folder)).toEqual(["data"]);
});

test.for([1, 512, 300_000])("gzip data goes on after %d zeros", async (zeros) => {
  const folder = makeTestFolder();
  const padded = Buffer.concat([compress(folder, "gzip -c"), Buffer.alloc(zeros)]);
  await using bytes = await decompress(sourceOfBytes(Buffer.concat([padded, padded])), {
    folder,
    limitBytes,
  });
  expect(bytes && (await readWhole(bytes)).equals(Buffer.concat([content, content]))).toBe(true);
  expect(bytes?.following.start).toBeUndefined();
  const other = sourceOfBytes(Buffer.concat([padded, padded, Buffer.from("other")]));
  await using before = await decompress(other, { folder, limitBytes });
  expect(before?.size).toBe(2 * content.length);
  expect(before?.following.start).toBe(2 * padded.length);
});

test.for(["bzip2 -c", "lz4 -lqc"])("other data that follows what %s makes is found", async (command) => {
  const folder = makeTestFolder();
  const once = compress(folder, command);
  for (const zeros of [0, 3, 512, 300_000]) {
    const data = Buffer.concat([once, once, Buffer.alloc(zeros)]);
    // The first four bytes of gzip data could be the size of a block of LZ4.
    for (const other of [Buffer.from("other"), gzipSync("other"), Buffer.of(1)]) {
      const source = sourceOfBytes(Buffer.concat([data, other]));
      await using bytes = await decompress(source, { folder, limitBytes });
      expect([bytes?.size, bytes?.following.start]).toEqual([2 * content.length, data.length]);
    }
    await using alone = await decompress(sourceOfBytes(data), { folder, limitBytes });
    expect([alone?.size, alone?.following.start]).toEqual([2 * content.length, undefined]);
  }
});

test("legacy LZ4 data goes on after zeros", async () => {
  const folder = makeTestFolder();
  const padded = Buffer.concat([compress(folder, "lz4 -lqc"), Buffer.alloc(512)]);
  const source = sourceOfBytes(Buffer.concat([padded, padded]));
  await using bytes = await decompress(source, { folder, limitBytes });
  expect([bytes?.size, bytes?.following.start]).toEqual([2 * content.length, undefined]);
});

test("the end of bzip2 data is found at each bit of a byte", async () => {
  const folder = makeTestFolder();
  for (let length = 0; length < 40; length += 1) {
    const data = compress(folder, "bzip2 -c", createNoise(length));
    const source = sourceOfBytes(Buffer.concat([data, Buffer.from("rest")]));
    await using bytes = await decompress(source, { folder, limitBytes });
    expect([bytes?.size, bytes?.following.start]).toEqual([length, data.length]);
  }
});

test("gzip data that ends with a piece that is read goes on after zeros", async () => {
  const folder = makeTestFolder();
  const pieceBytes = 256 * 1024;
  // Stored as it is, with 53 bytes of headers.
  const first = gzipSync(createNoise(pieceBytes - 53), { level: 0 });
  expect(first.length).toBe(pieceBytes);
  const data = Buffer.concat([first, Buffer.alloc(512), gzipSync("more")]);
  await using bytes = await decompress(sourceOfBytes(data), { folder, limitBytes });
  expect(bytes && (await readWhole(bytes)).subarray(-4).toString()).toBe("more");
});

test.for(commands)("refuses what %s makes if it is cut, or too much", async (command) => {
  const folder = makeTestFolder();
  const data = compress(folder, command);
  const cut = decompress(sourceOfBytes(data.subarray(0, data.length - 30)), { folder, limitBytes });
  await expect(cut).rejects.toMatchObject({
    code: "damaged-file-system",
    message: expect.stringMatching(/^the .* data /),
  });
  const tooMuch = decompress(sourceOfBytes(data), { folder, limitBytes: content.length - 1 });
  await expect(tooMuch).rejects.toMatchObject({
    code: "damaged-file-system",
    message: expect.stringMatching(/data has more than 1000006 bytes of content$/),
  });
  expect(readdirSync(folder)).toEqual(["data"]);
});

test("other bytes are not recognized", async () => {
  const folder = makeTestFolder();
  for (const bytes of [Buffer.alloc(0), Buffer.from([0x1f]), Buffer.alloc(100), readFileSync("/bin/true")])
    expect(await decompress(sourceOfBytes(bytes), { folder, limitBytes })).toBeUndefined();
});

test("an interrupted decompression leaves no file", async () => {
  const folder = makeTestFolder();
  const data = compress(folder, "xz -c");
  const signal = AbortSignal.abort();
  await expect(decompress(sourceOfBytes(data), { folder, limitBytes, signal })).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["data"]);
});
