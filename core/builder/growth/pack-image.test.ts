import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeDisk, makeImage } from "../../contents/tree/test-disk.ts";
import { manifestPath, readManifest } from "../../manifest/manifest-file.ts";
import { findPaths } from "../../storage/paths.ts";
import { packImage } from "./pack-image.ts";

const never = new AbortController().signal;

function newImage() {
  const home = mkdtempSync(join(tmpdir(), "pack-image-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const folder = join(home, "image");
  mkdirSync(folder);
  makeDisk(folder, { "a.txt": "one" });
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  const notes: string[] = [];
  const options = {
    ...{ folder, target: join(home, "image.tar.lz4"), paths: findPaths({ TINSMITH_HOME: home }) },
    ...{ signal: never, onNote: (text: string) => notes.push(text), facts: { kind: "pack" } as const },
  };
  return { options, notes };
}

test("an archive has its manifest as soon as it has its name, and with its files when they are listed", async () => {
  const { options, notes } = newImage();
  const named: unknown[] = [];
  const { archive } = await packImage({
    ...options,
    onNamed: (packed) => void queueMicrotask(() => named.push(packed, readManifest(options.target))),
  });
  const manifest = readManifest(options.target);
  expect(manifest).toMatchObject({
    archive: { name: "image.tar.lz4", size: archive.size, sha256: archive.digest },
    kind: "pack",
    files: { entries: expect.any(Number), sha256: expect.any(String) },
    tools: { Tinsmith: expect.any(String), "qemu-img": expect.any(String) },
  });
  expect(named).toEqual([archive, { ...manifest, files: undefined, made: expect.any(String) }]);
  expect(notes).toEqual([]);
});

test("the growth is that since the archive that is replaced, whoever made it", async () => {
  const { options, notes } = newImage();
  const { target } = options;
  const pack = async () => (await packImage(options)).growth;
  expect(await pack()).toBeUndefined();
  expect(await pack()).toEqual({ bytes: 0, files: 0 });
  const other = await makeImage(join(options.folder, ".."), "other", { "a.txt": "one", "b.txt": "two" });
  copyFileSync(other, target);
  const largest = { path: "/disk.img/partition1/b.txt", before: 3 };
  expect(await pack()).toEqual({ bytes: -3, files: 1, largest });
  rmSync(target);
  expect(await pack()).toBeUndefined();
  expect(notes).toEqual([]);
});

test("an image that replaces a file that is not an image has no growth, and a note", async () => {
  const { options, notes } = newImage();
  writeFileSync(options.target, "text");
  expect((await packImage(options)).growth).toBeUndefined();
  expect(notes).toEqual([
    expect.stringMatching(
      /^The files of the image are not compared with those of the one before: .*image\.tar\.lz4 holds no files/,
    ),
  ]);
});

test("an archive whose manifest can't be written is there, with a note", async () => {
  const { options, notes } = newImage();
  mkdirSync(manifestPath(options.target));
  await packImage(options);
  expect(notes).toEqual([
    expect.stringMatching(/^The manifest of the image is not written: .*manifest\.json/),
  ]);
});
