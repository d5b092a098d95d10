import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeStandInElectron } from "./stand-in-electron.ts";

// What electron-builder would make a Debian package of: the program that makes it, fpm, can't be had everywhere, and is
// stood in for by one that lays out its content.

const project = resolve(import.meta.dirname, "../..");
let work: string;
let root: string;
let fpmArguments: readonly string[];

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "deb-"));
  root = join(work, "root");
  makeStandInElectron(join(work, "electron"));
  const options = [`-c.electronDist=${join(work, "electron")}`, `-c.directories.output=${join(work, "app")}`];
  const builder = join(project, "node_modules/.bin/electron-builder");
  // It looks for the package in the end, which is not made.
  await execa(builder, ["--linux", "deb", "--publish=never", ...options], {
    cwd: project,
    env: { USE_SYSTEM_FPM: "true", FPM_OUT: work, PATH: `${import.meta.dirname}/fpm:${process.env.PATH}` },
    reject: false,
  });
  fpmArguments = readFileSync(join(work, "arguments"), "utf8").split("\n");
}, 120_000);
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** As its header has it. */
const widthOf = (png: string) => readFileSync(png).readUInt32BE(16);
/** The values of an option that may be given several times. */
const valuesOf = (option: string) =>
  fpmArguments.flatMap((argument, at) => (fpmArguments[at - 1] === option ? [argument] : []));

test("it installs the app below /opt, and the command line as tinsmith", () => {
  expect(statSync(join(root, "opt/Tinsmith/tinsmith-desktop")).isFile()).toBe(true);
  expect(statSync(join(root, "opt/Tinsmith/resources/dist/cli/tinsmith.mjs")).isFile()).toBe(true);
  const script = join(root, "usr/bin/tinsmith");
  expect(statSync(script).mode & 0o111).not.toBe(0);
});

test("it depends on what runs virtual machines", () => {
  expect(valuesOf("-d")).toEqual(
    expect.arrayContaining(["qemu-system-x86", "qemu-utils", "xorriso", "netcat-openbsd"]),
  );
  expect(valuesOf("--deb-recommends")).toContain("nodejs");
});

test("its desktop entry is valid, and names the kinds of files that it opens", async () => {
  const entry = join(root, "usr/share/applications/tinsmith-desktop.desktop");
  await execa("desktop-file-validate", [entry]);
  const text = readFileSync(entry, "utf8");
  expect(text).toMatch(/^Exec=.*tinsmith-desktop.* %U$/m);
  expect(text).toContain("application/vnd.tinsmith.image;");
  expect(text).toContain("application/x-cd-image;");
});

test("the kinds of files that are its own are known by their names, and have an icon", async () => {
  const mime = join(root, "usr/share/mime");
  mkdirSync(join(mime, "packages"), { recursive: true });
  await execa("update-mime-database", [mime]);
  const globs = readFileSync(join(mime, "globs2"), "utf8");
  expect(globs).toContain("60:application/vnd.tinsmith.image:*-worker.tar.lz4");
  // What others' archives are called is not claimed.
  expect(globs).not.toMatch(/:\*\.tar\.lz4$/m);
  // Archive managers and editors stay on offer.
  const subclasses = readFileSync(join(mime, "subclasses"), "utf8").split("\n");
  expect(subclasses).toContain("application/vnd.tinsmith.image application/x-lz4-compressed-tar");
  expect(subclasses).toContain("application/vnd.tinsmith.recipe text/plain");
  const icons = join(root, "usr/share/icons/hicolor");
  for (const size of ["16x16", "32x32", "48x48", "64x64", "128x128", "256x256"])
    expect(widthOf(join(icons, size, "mimetypes/application-vnd.tinsmith.image.png"))).toBe(
      parseInt(size, 10),
    );
  expect(statSync(join(icons, "256x256/apps/tinsmith-desktop.png")).isFile()).toBe(true);
});
