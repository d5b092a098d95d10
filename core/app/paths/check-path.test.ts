import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PathKind } from "../../../shared/app/path-kind.ts";
import { emptyIso } from "../../iso/test-iso-files.ts";
import { checkPath } from "./check-path.ts";

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "check-path-"));
  mkdirSync(at("folder"));
  writeFileSync(at("core.iso"), emptyIso());
  writeFileSync(at("text.iso"), "not an ISO");
  writeFileSync(at("empty.iso"), "");
  writeFileSync(at("archive"), Buffer.from([0x04, 0x22, 0x4d, 0x18, 0, 0]));
  writeFileSync(at("disk.qcow2"), Buffer.from("QFI\xfb", "latin1"));
  writeFileSync(at("machine.json"), "{}");
  writeFileSync(at("broken.json"), "{");
  symlinkSync(at("nowhere"), at("dangling"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each<[string, ...PathKind[]]>([
  ["core.iso", "iso"],
  ["core.iso", "iso", "folder"],
  ["folder", "iso", "folder"],
  ["folder", "folder"],
  ["archive", "archive"],
  ["archive", "archive-or-disk"],
  ["disk.qcow2", "archive-or-disk"],
  ["folder/new.tar.gz", "new-file"],
])("%s will do as %s", async (name, ...wanted) => {
  await expect(checkPath(at(name), wanted)).resolves.toBeUndefined();
});

test.each<[string, string, ...PathKind[]]>([
  ["gone.iso", "gone.iso does not exist", "iso"],
  ["gone", "gone does not exist", "iso", "folder"],
  ["empty.iso", "empty.iso is empty, so it is not an ISO", "iso"],
  ["text.iso", "text.iso is not an ISO: it has no ISO 9660 volume", "iso"],
  ["folder", "folder is a folder, not a file", "iso"],
  ["core.iso", "core.iso is a file, not a folder", "folder"],
  ["core.iso", "core.iso is not an image archive", "archive"],
  ["disk.qcow2", "disk.qcow2 is not an image archive", "archive"],
  ["core.iso", "core.iso is neither an image archive nor a disk", "archive-or-disk"],
  ["gone", "gone does not exist", "archive-or-disk"],
  ["gone.json", "gone.json does not exist", "machine"],
  ["broken.json", "broken.json", "machine"],
  ["archive", "archive already exists", "new-file"],
  ["dangling", "dangling already exists", "new-file"],
  ["folder", "folder is a folder", "new-file"],
  ["folder/", "is a folder", "new-file"],
  ["gone/new", "gone does not exist", "new-file"],
  ["core.iso/new", "core.iso is a file, not a folder", "new-file"],
])("%s is refused: %s", async (name, words, ...wanted) => {
  await expect(checkPath(`${folder}/${name}`, wanted)).rejects.toThrow(words);
});

test("a path that begins nowhere is refused, whatever the process's own folder is", async () => {
  await expect(checkPath("core.iso", ["iso"])).rejects.toThrow("core.iso is not an absolute path");
});
