import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { FileEntry } from "../../file-systems/file-system.ts";
import { createContents } from "./contents.ts";
import { contentsOf, fileSystemOf, type TestFolder } from "./test-contents.ts";

/** Links by their names, which are in a file system as empty files. */
function linksTo(targets: Readonly<Record<string, string>>): Record<string, Partial<FileEntry>> {
  return Object.fromEntries(
    Object.entries(targets).map(([name, target]) => [
      name,
      { kind: "symlink", target: Buffer.from(target, "latin1") },
    ]),
  );
}

const files: TestFolder = {
  etc: { fstab: "none", up: "", over: "", self: "", gone: "", far: "" },
  usr: { share: { "caf\xe9": "latin" } },
  lib: "",
  first: "",
  absolute: "",
  odd: "",
};
const links = linksTo({
  ...{ lib: "usr/share", first: "absolute", absolute: "/etc", odd: "usr/share/caf\xe9" },
  ...{
    up: "../usr/./share",
    over: "../../../etc/fstab",
    self: "self",
    gone: "nowhere/file",
    far: "gone/file",
  },
});
const contents = () => contentsOf(files, links);

test.each([
  ["/lib/caf\\xe9", "/usr/share/caf\\xe9"],
  ["/first/fstab", "/etc/fstab"],
  ["/absolute/../etc/fstab", "/etc/fstab"],
  ["/etc/up/../share/caf\\xe9", "/usr/share/caf\\xe9"],
  ["/etc/up/", "/usr/share"],
  ["/etc/up", "/etc/up"],
])("%s leads to %s", async (path, found) => {
  expect((await contents().find(path)).path).toBe(found);
});

test.each([
  ["/first", "/etc"],
  ["/odd", "/usr/share/caf\\xe9"],
  ["/etc/over", "/etc/fstab"],
])("the link %s leads to %s, if it is to be followed", async (path, found) => {
  expect((await contents().find(path, { followsLink: true })).path).toBe(found);
});

test.each([
  [
    "/etc/gone/x",
    "missing-file",
    'test.img has no "nowhere" in /etc, to which the symbolic link /etc/gone -> nowhere/file leads',
  ],
  [
    "/etc/far/x",
    "missing-file",
    'test.img has no "nowhere" in /etc, to which the symbolic link /etc/gone -> nowhere/file leads',
  ],
  [
    "/etc/self/x",
    "usage",
    "test.img has more than 40 symbolic links on that path: the symbolic link /etc/self -> self may lead back to itself",
  ],
])("a path through the link %s is refused", async (path, code, message) => {
  await expect(contents().find(path)).rejects.toMatchObject({ code, message });
});

test("as many links as Linux follows are followed", async () => {
  const chain = Object.fromEntries(Array.from({ length: 41 }, (_, count) => [`l${count}`, `l${count + 1}`]));
  const names = Object.fromEntries(Object.keys(chain).map((name) => [name, ""]));
  const tree = contentsOf({ ...names, l41: { file: "" } }, linksTo(chain));
  expect((await tree.find("/l1/file")).path).toBe("/l41/file");
  await expect(tree.find("/l0/file")).rejects.toMatchObject({ code: "usage" });
});

test("a link does not lead out of its file system", async () => {
  const folder = mkdtempSync(join(tmpdir(), "links-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "etc"));
  writeFileSync(join(folder, "etc/fstab"), "inner");
  symlinkSync("/etc", join(folder, "absolute"));
  symlinkSync("../../../etc", join(folder, "etc/up"));
  const tar = execFileSync("tar", ["-cf", "-", "-C", folder, "."]);
  const tree = contentsOf({ etc: { fstab: "outer" }, folder: { "my.tar": tar } });
  for (const path of ["absolute/fstab", "etc/up/fstab"])
    expect((await tree.find(`/folder/my.tar/${path}`)).path).toBe("/folder/my.tar/etc/fstab");
  // A person's own path leads out.
  expect((await tree.find("/folder/my.tar/absolute/../../../etc/fstab")).path).toBe("/etc/fstab");
});

test("a name in other letters leads to the file, where the file system ignores case, and has the letters of the disk", async () => {
  const system = fileSystemOf({ efi: { BOOT: { "a.efi": "" }, boot: { "b.efi": "" } } });
  const answersTo = ({ name }: FileEntry, wanted: Buffer) =>
    name.toString().toLowerCase() === wanted.toString().toLowerCase();
  const cleanup = new AsyncDisposableStack();
  const context = { folder: "/nowhere", cleanup, decompressed: { bytes: 0 } };
  const tree = createContents("test.img", { ...system, answersTo }, context);
  expect((await tree.find("/EFI/Boot/A.EFI")).path).toBe("/efi/BOOT/a.efi");
  expect((await tree.find("/EFI/boot/b.efi")).path).toBe("/efi/boot/b.efi");
  await expect(tree.find("/EFI/boot/c.efi")).rejects.toMatchObject({
    message: 'test.img has no "c.efi" in /efi/boot',
  });
});
