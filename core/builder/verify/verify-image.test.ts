import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { makeDisk } from "../../contents/tree/test-disk.ts";
import { packArchive } from "../../image/archive/pack-archive.ts";
import { compress } from "../../image/compression/compression.ts";
import { inPieces, rawEntry, readAll } from "../../image/test-fixtures.ts";
import { manifestPath, removeManifest, writeManifest } from "../../manifest/manifest-file.ts";
import { findPaths } from "../../storage/paths.ts";
import { packImage } from "../growth/pack-image.ts";
import { verifyImage } from "./verify-image.ts";

const signal = new AbortController().signal;

/** An archive with its manifest, and ways to change both. */
async function makeArchive() {
  const home = mkdtempSync(join(tmpdir(), "verify-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const folder = join(home, "image");
  mkdirSync(folder);
  const disk = makeDisk(folder, { "a.txt": "one" });
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  const archive = join(home, "image.tar.lz4");
  const context = { paths: findPaths({ TINSMITH_HOME: home }), signal, onNote: () => {} };
  await packImage({ ...context, folder, target: archive, facts: { kind: "pack" } });
  const verify = async () => {
    const options = { ...context, withInputs: true, rebuilds: false, onBuildEvent: () => {} };
    const { findings } = await verifyImage(archive, options);
    return findings.map(({ subject, ok, text, changes }) => ({
      ...{ subject, ok, text },
      ...(changes && { changes: changes.map(({ path, change }) => `${change} ${path}`) }),
    }));
  };
  const editManifest = (edit: (manifest: Record<string, unknown>) => unknown) => {
    const manifest = JSON.parse(readFileSync(manifestPath(archive), "utf8"));
    writeFileSync(manifestPath(archive), JSON.stringify(edit(manifest)));
  };
  /** Packs the image again, without a manifest, after debugfs has changed its file system. */
  const plant = async (...commands: string[]) => {
    for (const command of commands)
      execFileSync("/sbin/debugfs", ["-w", "-R", command, `${disk}?offset=${1024 * 1024}`], {
        stdio: "pipe",
      });
    await packArchive({ folder, target: archive });
  };
  return { home, archive, verify, editManifest, plant };
}

const agrees = {
  subject: "archive",
  ok: true,
  text: expect.stringContaining("is the archive of its manifest"),
};

test("an archive that is as it was made agrees with its manifest", async () => {
  const { verify } = await makeArchive();
  expect(await verify()).toEqual([
    agrees,
    {
      subject: "files",
      ok: true,
      text: expect.stringMatching(/^The \d+ files in it are those of the manifest\.$/),
    },
  ]);
});

test("more than 1 GiB of data is unpacked only if that is confirmed", async () => {
  const home = mkdtempSync(join(tmpdir(), "verify-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const archive = join(home, "large.tar.lz4");
  const bytes = 2 * 1024 ** 3;
  // The question comes before the data, which is not there.
  const entries = [rawEntry({ name: "machine.json" }), rawEntry({ name: "disk.img", size: bytes })];
  writeFileSync(archive, await readAll(compress(inPieces(Buffer.concat(entries)), "lz4")));
  const packed = { path: archive, format: "lz4", size: 1, digest: "00".repeat(32) } as const;
  writeManifest(packed, { kind: "pack" }, { entries: [], problems: [] });
  const mayUnpack = vi.fn(async () => false);
  const options = {
    ...{ paths: findPaths({ TINSMITH_HOME: home }), signal, onNote: () => {}, mayUnpack },
    ...{ withInputs: true, rebuilds: false, onBuildEvent: () => {} },
  };
  await expect(verifyImage(archive, options)).rejects.toMatchObject({ code: "not-confirmed" });
  expect(mayUnpack).toHaveBeenCalledExactlyOnceWith({ archive, bytes });
  const { findings } = await verifyImage(archive, { ...options, mayUnpack: () => true });
  expect(findings.at(-1)?.text).toMatch(/^The files in it can't be read: /);
});

test("a planted file is found, and is named", async () => {
  const { home, verify, plant } = await makeArchive();
  writeFileSync(join(home, "planted"), "two");
  await plant("rm a.txt", `write ${home}/planted a.txt`, `write ${home}/planted new.txt`);
  expect(await verify()).toEqual([
    { subject: "archive", ok: false, text: expect.stringContaining("is not the archive of its manifest") },
    {
      ...{ subject: "files", ok: false },
      text: expect.stringMatching(/are not those of the manifest: 2 differences\.$/),
      changes: ["changed /disk.img/partition1/a.txt", "added /disk.img/partition1/new.txt"],
    },
  ]);
});

test("an archive that was only packed in another way has the same files still", async () => {
  const { verify, plant } = await makeArchive();
  await plant("set_inode_field a.txt mtime 20200101000000");
  expect((await verify()).map(({ subject, ok }) => [subject, ok])).toEqual([
    ["archive", false],
    ["files", true],
  ]);
});

test("a damaged archive is a finding", async () => {
  const { archive, verify } = await makeArchive();
  truncateSync(archive, 1000);
  expect(await verify()).toEqual([
    { subject: "archive", ok: false, text: expect.stringContaining("it has 1.0 kB, sha256 ") },
    { subject: "files", ok: false, text: expect.stringContaining("can't be read: ") },
  ]);
});

test.each([
  [
    "none",
    (archive: string) => removeManifest(archive),
    /^image\.tar\.lz4 has no manifest: there is no image\.tar\.lz4\.manifest\.json/,
  ],
  [
    "a damaged one",
    (archive: string) => writeFileSync(manifestPath(archive), "{"),
    /^The manifest can't be used: .* is damaged/,
  ],
  [
    "a newer Tinsmith's",
    (archive: string) => writeFileSync(manifestPath(archive), '{"version": 99}'),
    /^The manifest can't be used: .* of version 99, and this Tinsmith supports versions up to 1\.$/,
  ],
])("of manifests, %s is a finding", async (_what, change, text) => {
  const { archive, verify } = await makeArchive();
  change(archive);
  expect(await verify()).toEqual([{ subject: "manifest", ok: false, text: expect.stringMatching(text) }]);
});

test("a list of files that was edited is found, and one that is not there is told of", async () => {
  const { verify, editManifest } = await makeArchive();
  editManifest((manifest) => ({ ...manifest, files: { entries: 1, sha256: "5f".repeat(32) } }));
  expect(await verify()).toEqual([
    agrees,
    { subject: "files", ok: false, text: expect.stringContaining("although the archive is the same") },
  ]);
  editManifest((manifest) => ({ ...manifest, files: undefined }));
  expect(await verify()).toEqual([
    agrees,
    { subject: "files", ok: true, text: expect.stringContaining("not compared") },
  ]);
});

test("a changed copy names its origin", async () => {
  const { verify, editManifest } = await makeArchive();
  const sha256 = "5f".repeat(32);
  const changes = [{ path: "/disk.img/partition1/a.txt", change: "replaced", size: 3, sha256 }];
  editManifest((manifest) => ({ ...manifest, origin: { name: "other.tar.lz4", sha256, changes } }));
  expect((await verify()).at(-1)).toEqual({
    ...{ subject: "manifest", ok: true },
    text: `It is a changed copy of other.tar.lz4, sha256 ${sha256}: /disk.img/partition1/a.txt was replaced.`,
  });
});
