import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { expectDamageInWords } from "../test-damage.ts";
import { makeTestFolder, makeTestTree, seeFileSystem, seeFolder } from "../test-folder.ts";
import { sourceOfBytes, sourceOfFile } from "../test-source.ts";
import { openSquashfs } from "./squashfs.ts";

async function makeImage(...options: readonly string[]) {
  const folder = makeTestFolder();
  const tree = join(folder, "tree");
  await makeTestTree(tree);
  const image = join(folder, "tree.squashfs");
  await execa("mksquashfs", [tree, image, "-quiet", "-no-progress", ...options]);
  return { tree, image };
}

test.for([
  "-comp gzip",
  "-comp gzip -b 4096 -no-fragments",
  "-comp zstd -b 4096 -always-use-fragments",
  "-comp xz -b 1M -Xbcj x86",
  "-comp lz4 -noI -noId",
  "-comp gzip -noI -noD -noF -exports",
])("reads what mksquashfs writes with %s", async (options) => {
  const { tree, image } = await makeImage(...options.split(" "));
  const system = await openSquashfs(await sourceOfFile(image));
  if (!system) throw new Error("it is not a squashfs");
  expect(await seeFileSystem(system)).toEqual(seeFolder(tree));
  expect([system.format, system.notes]).toEqual(["squashfs", []]);
});

test.for(["lzo", "lzma"])("says that it can't read one that is compressed with %s", async (name) => {
  const { image } = await makeImage("-comp", name);
  await expect(openSquashfs(await sourceOfFile(image))).rejects.toMatchObject({
    code: "damaged-file-system",
    message: `the squashfs file system is compressed with ${name.toUpperCase()}, which Tinsmith can't read`,
  });
});

test("says that one is cut, and leaves other bytes to others", async () => {
  const { image } = await makeImage();
  const bytes = readFileSync(image);
  await expect(openSquashfs(sourceOfBytes(bytes.subarray(0, 5000)))).rejects.toMatchObject({
    message: expect.stringMatching(/^the squashfs file system has \d+ bytes, of which only 5000 are there$/),
  });
  expect(await openSquashfs(sourceOfBytes(Buffer.alloc(200)))).toBeUndefined();
});

test("damage leads to other entries or to an error in words, and never takes long", async () => {
  const { image } = await makeImage("-noI", "-b", "4096");
  await expectDamageInWords(readFileSync(image), openSquashfs, 20);
});
