import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identifyPath } from "./identify-path.ts";

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "identify-"));
  mkdirSync(at("set"));
  writeFileSync(at("set/recipe.yaml"), "size: 1\n");
  mkdirSync(at("plain"));
  writeFileSync(at("plain/setup.sh"), "true\n");
  await execa("xorriso", ["-as", "mkisofs", "-quiet", "-o", at("named.bin"), at("plain")]);
  writeFileSync(at("archive"), Buffer.from([0x04, 0x22, 0x4d, 0x18, 0, 0]));
  writeFileSync(at("other.tar.zst"), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]));
  writeFileSync(at("skippable.lz4"), Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]));
  writeFileSync(at("text.tar.lz4"), "no archive\n");
  writeFileSync(at("disk.img"), "");
  const bootSector = Buffer.alloc(512);
  bootSector.writeUInt16LE(0xaa55, 510);
  writeFileSync(at("boots.raw"), bootSector);
  writeFileSync(at("vmlinuz"), bootSector);
  writeFileSync(at("qcow2.disk"), Buffer.from("QFI\xfb", "latin1"));
  writeFileSync(at("empty"), "");
  writeFileSync(at("zeros.iso"), "");
  truncateSync(at("zeros.iso"), 1024 * 1024);
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["an archive of either compression, whatever its name is", "archive", "archive"],
  ["one with Zstandard", "other.tar.zst", "archive"],
  ["one that begins with a frame to be skipped", "skippable.lz4", "archive"],
  ["an ISO, by its volume descriptor", "named.bin", "iso"],
  ["a folder", "plain", "folder"],
])("it knows %s", (_what, name, kind) => {
  expect(identifyPath(at(name))).toEqual({ kind, path: at(name) });
});

test.each([
  ["a file that may hold files, by its name", "disk.img", false],
  ["a disk that a BIOS can boot", "boots.raw", true],
  ["a disk of another program, by its content", "qcow2.disk", true],
])("it knows %s", (_what, name, isDisk) => {
  expect(identifyPath(at(name))).toEqual({ kind: "image", path: at(name), isDisk });
});

test.each([["set"], ["set/recipe.yaml"]])("it knows an image set by %s", (name) => {
  const recipe = at("set/recipe.yaml");
  expect(identifyPath(at(name))).toEqual({ kind: "set", folder: at("set"), workspace: folder, recipe });
});

test.each([["text.tar.lz4"], ["empty"], ["zeros.iso"], ["vmlinuz"]])(
  "%s is nothing that it opens",
  (name) => {
    const path = name.startsWith("/") ? name : at(name);
    expect(() => identifyPath(path)).toThrow(`${path} is not an image archive, a recipe.yaml or an ISO`);
  },
);

test("what is not there is said to be missing", () => {
  expect(() => identifyPath(at("gone"))).toThrow(expect.objectContaining({ code: "missing-file" }));
});

test.each([
  ["/dev/null", "is a character device, not a file"],
  ["/proc/self/mem", "is a virtual file of the system, not a file"],
])("%s is refused in words", (path, words) => {
  expect(() => identifyPath(path)).toThrow(`${path} ${words}`);
});
