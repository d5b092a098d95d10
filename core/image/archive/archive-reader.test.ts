import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compress } from "../compression/compression.ts";
import { inPieces, mebibyte, rawEntry, readAll, temporaryFolder, zeroBomb } from "../test-fixtures.ts";
import { readArchive } from "./archive-reader.ts";

test("reading ends with an interruption, however much the next bytes decompress to", async () => {
  await using folder = await temporaryFolder();
  const archive = join(folder.path, "a.tar.zst");
  const diskSize = 4 * 1024 * mebibyte;
  const header = rawEntry({ name: "disk.img", size: diskSize });
  await writeFile(
    archive,
    Buffer.concat([await readAll(compress(inPieces(header), "zstd")), zeroBomb(diskSize)]),
  );

  const interruption = new AbortController();
  let stored = 0;
  const reading = readArchive(
    archive,
    async ({ data }) => {
      for await (const { bytes } of data) {
        stored += bytes.length;
        interruption.abort();
      }
    },
    { signal: interruption.signal },
  );
  await expect(reading).rejects.toThrow("aborted");
  expect(stored).toBeLessThan(mebibyte);
});
