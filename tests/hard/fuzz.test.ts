import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readArchivedDisk } from "../../core/image/archive/test-read-disk.ts";
import { shell, temporaryFolder } from "../../core/image/test-fixtures.ts";
import { ExtractorProcess } from "./fuzz/extractor-process.ts";
import { compressTar, type ImageCase, imageCase, makeTar, writeImageFiles } from "./fuzz/image-case.ts";
import { frameMutation, tarMutation } from "./fuzz/mutations.ts";

// Our readers against GNU tar, lz4 and zstd. More cases, and others than those that every run tries: ./test.sh fuzz
// A failure prints its seed, path and case.

const runs = Number(process.env.FUZZ_RUNS ?? 8);
const seed = Number(process.env.FUZZ_SEED ?? 1);
const parameters = { numRuns: runs, seed };
const timeout = 60_000 + runs * 1000;

const extractor = new ExtractorProcess();
afterAll(() => extractor[Symbol.dispose]());

/** A folder with an image in `image`. */
async function imageFolder(image: ImageCase): ReturnType<typeof temporaryFolder> {
  const folder = await temporaryFolder();
  await writeImageFiles(image, join(folder.path, "image"));
  return folder;
}

const names = ["disk.img", "layer.qcow2", "machine.json"];

/** The content of an image's files. */
async function contents(folder: string): Promise<Buffer[]> {
  return await Promise.all(names.map((name) => readFile(join(folder, name))));
}

function expectSame(some: readonly Buffer[], others: readonly Buffer[]): void {
  const differing = names.filter((_, index) => !some[index]?.equals(others[index] ?? Buffer.alloc(0)));
  expect(differing).toEqual([]);
}

test(
  "what GNU tar, lz4 and zstd pack is extracted, byte by byte",
  async () => {
    await fc.assert(
      fc.asyncProperty(imageCase, async (image) => {
        await using folder = await imageFolder(image);
        const tar = makeTar(image, join(folder.path, "image"));
        await writeFile(join(folder.path, "archive"), await compressTar(image, tar, folder.path));
        const out = join(folder.path, "out");
        expect(await extractor.extract(join(folder.path, "archive"), out)).toEqual({ extracted: true });
        expectSame(await contents(out), await contents(join(folder.path, "image")));
        const isInPlace = await readsInPlace(join(folder.path, "archive"), out);
        // The only block of a frame is linked to none, whatever the option says.
        if (!image.compressorOptions.includes("-BD")) expect(isInPlace).toBe(image.compressor === "lz4");
      }),
      parameters,
    );
  },
  timeout,
);

/** Reads the disk in an archive without unpacking it; it must be the one that was extracted. @returns whether that can be */
async function readsInPlace(archive: string, extracted: string): Promise<boolean> {
  await using folder = await temporaryFolder();
  const disk = await readArchivedDisk(archive, folder.path);
  expect(disk?.equals(await readFile(join(extracted, "disk.img")))).not.toBe(false);
  return disk !== undefined;
}

/** Reads the disk in an archive that is refused when it is extracted: no damage may lead to another error. */
async function readDamaged(archive: string): Promise<void> {
  await using folder = await temporaryFolder();
  await readArchivedDisk(archive, folder.path).catch((error) =>
    expect(error).toMatchObject({ code: expect.stringMatching(/^invalid-(archive|machine)$/) }),
  );
}

/** Extracts a damaged archive: it must be refused and leave nothing, or give what the other programs give. */
async function expectRefusalOrSame(image: ImageCase, archive: Buffer): Promise<void> {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "archive"), archive);
  const deep = join(folder.path, "a/b");
  await mkdir(deep, { recursive: true });
  const outcome = await extractor.extract(join(folder.path, "archive"), join(deep, "out"));
  const left = (await readdir(folder.path, { recursive: true })).sort();
  if (!outcome.extracted) {
    expect(outcome.code).toMatch(/^invalid-(archive|machine)$/);
    expect(left).toEqual(["a", "a/b", "archive"]);
    await readDamaged(join(folder.path, "archive"));
    return;
  }
  await readsInPlace(join(folder.path, "archive"), join(deep, "out"));
  expect(left).toEqual(["a", "a/b", "a/b/out", ...names.map((name) => `a/b/out/${name}`), "archive"]);
  // GNU tar extracts everything, but fails, when it doesn't like an owner, a mode or a time, which mean nothing to us.
  shell(
    `mkdir oracle
    ${image.compressor} -q -dc < archive > archive.tar
    LC_ALL=C tar -xmf archive.tar -C oracle --no-same-owner 2> said || ! grep -vE '(uid|gid|mode|time)_t|Exiting' said
    chmod -R u+rwX oracle`,
    folder.path,
  );
  expectSame(await contents(join(deep, "out")), await contents(join(folder.path, "oracle")));
}

test(
  "a damaged tar archive is refused, or read as GNU tar reads it",
  async () => {
    await fc.assert(
      fc.asyncProperty(imageCase, tarMutation, async (image, mutate) => {
        await using folder = await imageFolder(image);
        const tar = mutate(makeTar(image, join(folder.path, "image")));
        await expectRefusalOrSame(image, await compressTar({ ...image, parts: 1 }, tar, folder.path));
      }),
      { ...parameters, numRuns: 2 * runs },
    );
  },
  timeout,
);

test(
  "damaged frames are refused, or read as lz4 and zstd read them",
  async () => {
    await fc.assert(
      fc.asyncProperty(imageCase, frameMutation, async (image, mutate) => {
        await using folder = await imageFolder(image);
        const tar = makeTar(image, join(folder.path, "image"));
        await expectRefusalOrSame(image, mutate(await compressTar(image, tar, folder.path)));
      }),
      { ...parameters, numRuns: 2 * runs },
    );
  },
  timeout,
);
