import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { makeDisk, makeImage } from "../../../core/contents/tree/test-disk.ts";
import { tinsmith } from "../../support/test-meta.ts";

// Each command is a process of its own, which takes its time on a busy host.
vi.setConfig({ testTimeout: 60_000 });

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), "tinsmith-contents-cli-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
}

test("ls-image lists a folder as ls does, or as JSON, and cat-image writes a file, or a folder as a tar archive", async () => {
  const home = newHome();
  const image = await makeImage(home, "test", { etc: { motd: "hello\n", "odd\nname": "" } });
  const list = await tinsmith(home, ["ls-image", `${image}:/etc`]);
  expect(list.stderr).toBe("");
  expect(list.stdout.toString()).toMatch(
    /^-rw-r--r-- +\d+ +\d+ +6 \d{4}-\d\d-\d\d \d\d:\d\d motd\n-rw-.* odd\\x0aname\n$/,
  );
  const json = await tinsmith(home, ["ls-image", "--json", `${image}:/etc/motd`]);
  expect(JSON.parse(json.stdout.toString())).toMatchObject({
    path: "/disk.img/partition1/etc/motd",
    size: 6,
    mode: 0o644,
  });
  const file = await tinsmith(home, ["cat-image", `${image}:/etc/motd`]);
  expect(file.stdout.toString()).toBe("hello\n");
  const tar = await tinsmith(home, ["cat-image", `${image}:/etc`]);
  const read = execFileSync("tar", ["-xOf", "-", "motd"], { input: tar.stdout });
  expect(read.toString()).toBe("hello\n");
});

test("cat-image writes the target of a symbolic link, which ls-image lists as itself", async () => {
  const home = newHome();
  const command = "mkdir d; printf text > d/f; ln -s /d/f link; tar -cf - d link";
  const tar = execFileSync("sh", ["-ec", command], { cwd: home });
  const image = await makeImage(home, "test", { "my.tar": tar });
  const file = await tinsmith(home, ["cat-image", `${image}:/my.tar/link`]);
  expect([file.stderr, file.stdout.toString()]).toEqual(["", "text"]);
  const list = await tinsmith(home, ["ls-image", `${image}:/my.tar/link`]);
  expect(list.stdout.toString()).toMatch(/ link -> \/d\/f\n$/);
});

test("cat-image writes a whole image as an archive that tar unpacks: its disk and partitions are folders", async () => {
  const home = newHome();
  const image = await makeImage(home, "test", { etc: { motd: "hello\n" } });
  const { stdout, stderr } = await tinsmith(home, ["cat-image", image]);
  expect(stderr).toBe("");
  execFileSync("tar", ["-xf", "-"], { cwd: home, input: stdout });
  expect(readFileSync(join(home, "disk.img/partition1/etc/motd"), "utf8")).toBe("hello\n");
  expect(JSON.parse(readFileSync(join(home, "machine.json"), "utf8"))).toMatchObject({ memory: 512 });
  expect(stdout.length).toBeLessThan(1024 ** 2);
});

test("ls-image tells the type, the file system and the use of partitions, also as JSON", async () => {
  const home = newHome();
  const disk = makeDisk(home, { file: "text" });
  const list = await tinsmith(home, ["ls-image", disk]);
  expect(list.stdout.toString()).toMatch(
    /^-\?{9} .* partition1\/: Linux, ext4, [\d.]+ MB of 25\.2 MB used\n$/,
  );
  const json = await tinsmith(home, ["ls-image", "--json", disk]);
  expect(JSON.parse(json.stdout.toString())).toMatchObject({
    path: "/partition1",
    type: "Linux",
    system: { format: "ext4", label: "", size: 24 * 1024 ** 2, used: expect.any(Number) },
  });
});

test("files in archives are found by name and by content, and listed with --archives alone", async () => {
  const home = newHome();
  const tar = (text: string) =>
    execFileSync("sh", ["-c", 'printf %s "$0" > Inner && tar -cf - Inner', text], { cwd: home });
  const image = await makeImage(home, "test", { "my.tar": tar("a secret text"), other: "inner" });
  const inner = "/disk.img/partition1/my.tar/Inner";
  const paths = async (...args: string[]) => {
    const { stdout, stderr, exitStatus } = await tinsmith(home, [...args, "--json"]);
    const lines = stdout.toString().split("\n").filter(Boolean);
    return { paths: lines.map((line) => JSON.parse(line).path), stderr, exitStatus };
  };
  const found = (...all: string[]) => ({ paths: all, stderr: "", exitStatus: 0 });
  expect(await paths("search-image", image, "inner")).toEqual(found(inner));
  expect(await paths("search-image", `${image}:/my.tar`, "secret", "--content")).toEqual(found(inner));
  const none = await tinsmith(home, ["search-image", image, "Secret", "--content"]);
  expect([none.stdout.toString(), none.stderr, none.exitStatus]).toEqual(["", "No files found.\n", 1]);
  expect((await paths("ls-image", "-R", image)).paths).not.toContain(inner);
  expect((await paths("ls-image", "--archives", image)).paths).toContain(inner);
});

test("extract and export-disk tell of the files that they have written", async () => {
  const home = newHome();
  const image = await makeImage(home, "test", {});
  const extracted = await tinsmith(home, ["extract", image, "out"]);
  expect(extracted.stdout.toString()).toContain(`${home}/out/disk.img: 33.6 MB\n`);
  const exported = await tinsmith(home, ["export-disk", image, "out.raw"]);
  expect(exported.stdout.toString()).toBe(`${home}/out.raw: 33.6 MB\n`);
});

test("extract names the command that unpacks a folder in an image", async () => {
  const home = newHome();
  const image = await makeImage(home, "test", { etc: { motd: "" } });
  const { stderr, exitStatus } = await tinsmith(home, ["extract", `${image}:/etc`, "out"]);
  expect(stderr).toBe(
    `error: ${image}:/etc is a path in an image, and extract unpacks whole images\nUnpack a folder with tinsmith cat-image ${image}:/etc | tar -x -C out.\n`,
  );
  expect(exitStatus).toBe(2);
});

test("the advice for a disk in place of an archive, and for a mistyped path with a backslash, fits", async () => {
  const home = newHome();
  const disk = makeDisk(home, {});
  const inspected = await tinsmith(home, ["inspect", disk]);
  expect(inspected.stderr).toContain("To make an image of a disk, use tinsmith import.\n");
  const missing = await tinsmith(home, ["ls-image", `${disk}:/a\\b`]);
  expect(missing.stderr).toContain('has no "a\\\\b" in /partition1\n');
});

test("a path that is not there, and an image that is not there, are told of", async () => {
  const home = newHome();
  const image = await makeImage(home, "test", { etc: { motd: "" } });
  const missing = await tinsmith(home, ["cat-image", `${image}:/etc/mot`]);
  expect(missing.stderr).toBe(
    `error: ${image} has no "mot" in /disk.img/partition1/etc\nDid you mean motd?\n`,
  );
  expect(missing.exitStatus).toBe(2);
  const gone = await tinsmith(home, ["ls-image", "gone.tar.lz4:/etc"]);
  expect(gone.stderr).toContain(`error: ${home}/gone.tar.lz4 does not exist`);
  expect(gone.exitStatus).toBe(2);
});

test("a file system whose journal was not replayed is told about, with the image and its place", async () => {
  const home = newHome();
  const disk = makeDisk(home, { file: "text" });
  // The bit of the superblock that asks for the journal to be replayed: 96 bytes into it, 1 KiB into the partition.
  await using file = await open(disk, "r+");
  await file.write(Buffer.of(0xc6), 0, 1, 1024 ** 2 + 1024 + 96);
  const note = `note: ${disk}:/partition1: Its journal was not replayed: the last changes before the guest went off may be missing.\n`;
  for (const command of ["ls-image", "cat-image"]) {
    const { stderr, exitStatus } = await tinsmith(home, [command, `${disk}:/file`]);
    expect([stderr, exitStatus]).toEqual([note, 0]);
  }
  const { stderr } = await tinsmith(home, ["diff", disk, disk]);
  expect(stderr).toBe(`${note}${note}The images have the same files.\n`);
});

test("a partition whose files can't be read is not listed", async () => {
  const home = newHome();
  const disk = makeDisk(home, {});
  await using file = await open(disk, "r+");
  await file.write(Buffer.alloc(4096), 0, 4096, 1024 ** 2);
  for (const options of [[], ["--recursive"]]) {
    const { stdout, stderr, exitStatus } = await tinsmith(home, [
      "ls-image",
      ...options,
      `${disk}:/partition1`,
    ]);
    expect(stdout.toString()).toBe("");
    expect(stderr).toContain(`/partition1 in ${disk} holds no file system that Tinsmith can read\n`);
    expect(exitStatus).toBe(2);
  }
});

test("diff tells the files that differ, and its exit status whether any do", async () => {
  const home = newHome();
  const first = await makeImage(home, "first", { "a.txt": "one\n", gone: "x", var: { log: { boot: "1" } } });
  const second = await makeImage(home, "second", { "a.txt": "two!\n", var: { log: { boot: "2" } } });
  const arguments_ = ["diff", "--ignore", "times,expected", first, second];
  const differing = await tinsmith(home, arguments_);
  expect(differing.stdout.toString()).toBe(
    ["M /disk.img/partition1/a.txt: 4 bytes -> 5 bytes", "D /disk.img/partition1/gone: 1 bytes", ""].join(
      "\n",
    ),
  );
  expect(differing.stderr).toBe(
    "2 differences: 0 added, 1 removed, 1 changed, 0 in metadata only; +0 bytes\n",
  );
  expect(differing.exitStatus).toBe(1);
  const text = await tinsmith(home, [...arguments_, "--text", "--leave-out", "/**/gone"]);
  expect(text.stdout.toString()).toContain("-one\n+two!\n");
  const same = await tinsmith(home, ["diff", first, first]);
  expect([same.exitStatus, same.stdout.toString(), same.stderr]).toEqual([
    0,
    "",
    "The images have the same files.\n",
  ]);
});

test("diff compares folders and files in two images, with the paths of the first", async () => {
  const home = newHome();
  const first = await makeImage(home, "first", { old: { "a.txt": "one\n", same: "" }, other: "1" });
  const second = await makeImage(home, "second", { new: { "a.txt": "two!\n", same: "" }, other: "2" });
  const diff = (...args: string[]) => tinsmith(home, ["diff", "--ignore", "times", ...args]);
  const folders = await diff("--text", `${first}:/old`, `${second}:/disk.img/partition1/new`);
  expect(folders.stdout.toString()).toMatch(
    /^M \/disk\.img\/partition1\/old\/a\.txt: 4 bytes -> 5 bytes\n(?:.*\n)*-one\n\+two!\n$/,
  );
  expect(folders.exitStatus).toBe(1);
  const json = await diff("--json", `${first}:/old/a.txt`, `${second}:/other`);
  expect(JSON.parse(json.stdout.toString())).toMatchObject({
    changes: [{ path: "/disk.img/partition1/old/a.txt", change: "changed", after: { size: 1 } }],
    problems: [],
  });
  const same = await diff(`${first}:/old/same`, `${second}:/new/same`);
  expect([same.exitStatus, same.stderr]).toEqual([0, "The images have the same files.\n"]);
  const missing = await diff(`${first}:/old`, `${second}:/old`);
  expect([missing.exitStatus, missing.stderr]).toEqual([2, expect.stringContaining('has no "old" in')]);
});

test("verify tells whether an archive is the one of its manifest, and its exit status whether it is", async () => {
  const home = newHome();
  const image = await makeImage(home, "test", { "a.txt": "one\n" });
  const missing = await tinsmith(home, ["verify", image]);
  expect([missing.exitStatus, missing.stdout.toString()]).toEqual([
    1,
    "✗ test.tar.lz4 has no manifest: there is no test.tar.lz4.manifest.json beside it.\n  Build the image again: Tinsmith then writes its manifest.\n",
  ]);
  const packed = await tinsmith(home, ["pack", join(home, "test.files"), image]);
  expect(packed.exitStatus).toBe(0);
  const verified = await tinsmith(home, ["verify", image]);
  expect(verified.stderr).toBe("");
  expect(verified.stdout.toString()).toMatch(
    /^✓ test\.tar\.lz4 is the archive of its manifest: [\d.]+ kB, sha256 [0-9a-f]{64}\.\n✓ The \d+ files in it are those of the manifest\.\n$/,
  );
  expect(verified.exitStatus).toBe(0);
  const json = await tinsmith(home, ["verify", image, "--json"]);
  expect(JSON.parse(json.stdout.toString())).toMatchObject({
    archive: image,
    manifest: { kind: "pack", archive: { name: "test.tar.lz4" } },
    findings: [
      { subject: "archive", ok: true },
      { subject: "files", ok: true },
    ],
  });
  const rebuild = await tinsmith(home, ["verify", image, "--rebuild"]);
  expect(rebuild.stdout.toString()).toContain("✗ It can't be built again: it was made without a recipe.\n");
  expect(rebuild.exitStatus).toBe(1);
});
