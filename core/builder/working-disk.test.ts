import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { makeRoom } from "../cache/cache-budget.ts";
import { listCache } from "../cache/list-cache.ts";
import { extractArchive } from "../image/archive/extract-archive.ts";
import { packArchive } from "../image/archive/pack-archive.ts";
import { checkImages, createDisk } from "../image/disk/disk-image.ts";
import { writeImage } from "../image/test-fixtures.ts";
import { newHome } from "../session/serve/test-session.ts";
import { findWorkingDisk, makeWorkingDisk } from "./working-disk.ts";

/** A home, an archive, and a session's folder. */
async function makeSource() {
  const paths = newHome();
  const working = join(paths.sessions, "working");
  const folder = join(paths.sessions, "setup");
  for (const made of [working, folder]) mkdirSync(made, { recursive: true });
  await writeImage(folder);
  const archive = join(paths.sessions, "setup.tar.lz4");
  await packArchive({ folder, target: archive });
  const onNote = vi.fn();
  return { paths, working, archive, onNote, context: { paths, working, onNote } };
}

/** Does what a guest does, with the files as QEMU opens them for it. */
function write(disk: object, command = "write -P 7 4096 512"): void {
  const { layer, backing } = disk as { layer: string; backing: string };
  const image = `driver=qcow2,file.filename=${layer},backing.driver=raw,backing.file.filename=${backing},backing.read-only=on`;
  execFileSync("qemu-io", ["--image-opts", image, "-c", command]);
}

test("a build's disk is a layer on the disk in the cache, which is held until the build ends", async () => {
  const { paths, working, archive, onNote, context } = await makeSource();
  {
    using made = await makeWorkingDisk({ kind: "image", archive }, context);
    expect(made.folder).toBe(join(working, "image"));
    expect(made.disk).toEqual({ layer: join(working, "image/layer.qcow2"), backing: made.backing });
    expect(made.backing).toContain(paths.cache);
    expect(existsSync(join(working, "image/disk.img"))).toBe(false);
    await makeRoom(paths, { bytes: 1e18 });
    write(made.disk);
    const target = join(working, "worker.tar.lz4");
    const { digest } = await packArchive({ folder: made.folder, backing: made.backing, target });
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  }
  // It was not made here.
  expect(onNote).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("was not made here"));
  await makeRoom(paths, { bytes: 1e18 });
  expect(await listCache(paths)).toEqual([]);
});

test("a retry finds the disk of a failed build, although the cache has lost what is below it", async () => {
  const { paths, archive, context } = await makeSource();
  const source = { kind: "image", archive } as const;
  expect(await findWorkingDisk(source, context)).toBeUndefined();
  const { disk, ...made } = await makeWorkingDisk(source, context);
  write(disk);
  made[Symbol.dispose]();
  await makeRoom(paths, { bytes: 1e18 });
  expect(await listCache(paths)).toEqual([]);
  using found = await findWorkingDisk(source, context);
  expect(found).toMatchObject({ disk, backing: made.backing });
  expect(existsSync(made.backing ?? "")).toBe(true);
});

test("a disk grows before its guest boots, and its archive has the new size", async () => {
  const { working, archive, onNote, context } = await makeSource();
  using made = await makeWorkingDisk({ kind: "image", archive, sizeGib: 2 }, context);
  expect(made.isGrown).toBe(true);
  expect(onNote).toHaveBeenCalledWith(expect.stringContaining("unless the guest makes them larger"));
  const layer = join(made.folder, "layer.qcow2");
  const info = execFileSync("qemu-img", ["info", "--output=json", layer]).toString();
  expect(JSON.parse(info)).toMatchObject({ "virtual-size": 2 * 1024 ** 3 });
  write(made.disk, "write -P 7 2147483136 512");
  const target = join(working, "worker.tar.lz4");
  await packArchive({ folder: made.folder, backing: made.backing, target });
  const folder = join(working, "unpacked");
  await extractArchive({ archive: target, folder });
  await checkImages(folder);
  expect(statSync(join(folder, "disk.img")).size).toBe(2 * 1024 ** 3);
});

test("a disk that is to have the size that it has does not grow, and one is never made smaller", async () => {
  const { archive, context } = await makeSource();
  const folder = join(context.working, "large");
  mkdirSync(folder);
  writeFileSync(join(folder, "machine.json"), '{"version": 1}');
  await createDisk(join(folder, "disk.img"), 2);
  await packArchive({ folder, target: archive });
  using same = await makeWorkingDisk({ kind: "image", archive, sizeGib: 2 }, context);
  expect(same.isGrown).toBe(false);
  await expect(makeWorkingDisk({ kind: "image", archive, sizeGib: 1 }, context)).rejects.toMatchObject({
    code: "usage",
    message: `the disk of ${archive} has 2 GiB, and can't be made smaller: 1 GiB were asked for`,
  });
});

test("the disk of a failed build is not used on another image than it started from", async () => {
  const { archive, context } = await makeSource();
  const source = { kind: "image", archive } as const;
  (await makeWorkingDisk(source, context))[Symbol.dispose]();
  writeFileSync(join(context.working, "image/backing"), "another digest");
  await expect(findWorkingDisk(source, context)).rejects.toMatchObject({ code: "file-changed" });
});

test("a raw disk that an earlier version of Tinsmith has kept is found", async () => {
  const { working, archive, context } = await makeSource();
  mkdirSync(join(working, "image"));
  await writeImage(join(working, "image"));
  using found = await findWorkingDisk({ kind: "image", archive }, context);
  expect(found?.disk).toEqual({ path: join(working, "image/disk.img") });
  expect(found?.backing).toBeUndefined();
});

test("an image that nobody has accepted is not opened for a build", async () => {
  const { archive, context } = await makeSource();
  const making = makeWorkingDisk({ kind: "image", archive }, { ...context, trusted: [] });
  await expect(making).rejects.toMatchObject({ code: "not-trusted" });
});
