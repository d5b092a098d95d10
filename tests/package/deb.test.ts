import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { type DebianRoot, makeDebianRoot } from "./deb.ts";

// The deb is installed, started, upgraded and removed, in this order, in a root of its own. Not tried: that apt finds what it
// depends on, the triggers of other packages, and that AppArmor loads its profile. Electron is stood in for: tests/shell/deb.spec.ts
// starts it.

const profile = resolve(import.meta.dirname, "../../packaging/deb/apparmor-profile");
let host: DebianRoot;

beforeAll(async () => {
  host = await makeDebianRoot();
  host.setAppArmor(false);
  await host.dpkg("--install", host.deb);
}, 240_000);
afterAll(() => host[Symbol.dispose]());

const inRoot = (path: string) => join(host.root, path);
const fieldOf = async (name: string) => (await execa("dpkg-deb", ["--field", host.deb, name])).stdout;
/** As its header has it. */
const widthOf = (png: string) => readFileSync(png).readUInt32BE(16);

test("it installs the app below /opt, with its sandbox's helper for users who may not make namespaces", () => {
  expect(statSync(inRoot("opt/Tinsmith/tinsmith-desktop")).mode & 0o7777).toBe(0o755);
  expect(statSync(inRoot("opt/Tinsmith/chrome-sandbox")).mode & 0o7777).toBe(0o4755);
});

test("it depends on what runs virtual machines, and on Electron's libraries", async () => {
  const depends = (await fieldOf("Depends")).split(", ");
  expect(depends).toEqual(
    expect.arrayContaining(["qemu-system-x86", "qemu-utils", "xorriso", "netcat-openbsd", "util-linux"]),
  );
  expect(depends).toEqual(
    expect.arrayContaining([
      "libgtk-3-0 | libgtk-3-0t64",
      "libnss3",
      "libgbm1",
      "libasound2 | libasound2t64",
    ]),
  );
  expect(await fieldOf("Recommends")).toContain("nodejs");
});

test("it names no site that does not exist: its homepage is the page that it brings", async () => {
  const [, page = ""] = /^file:\/\/(.*)$/.exec(await fieldOf("Homepage")) ?? [];
  expect(readFileSync(inRoot(page), "utf8")).toMatch(/^# Tinsmith/);
});

test("its desktop entry is valid, and names the kinds of files that it opens", async () => {
  const entry = inRoot("usr/share/applications/tinsmith-desktop.desktop");
  await execa("desktop-file-validate", [entry]);
  const text = readFileSync(entry, "utf8");
  expect(text).toMatch(/^Exec=.*tinsmith-desktop.* %U$/m);
  expect(text).toContain("application/vnd.tinsmith.image;");
  expect(text).toContain("application/x-cd-image;");
});

test("the kinds of files that are its own are known by their names, and have an icon", async () => {
  const mime = inRoot("usr/share/mime");
  await execa("update-mime-database", [mime]);
  const globs = readFileSync(join(mime, "globs2"), "utf8");
  expect(globs).toContain("60:application/vnd.tinsmith.image:*-worker.tar.lz4");
  // The names of other programs' archives are not claimed.
  expect(globs).not.toMatch(/:\*\.tar\.lz4$/m);
  // Archive managers and editors stay on offer.
  const subclasses = readFileSync(join(mime, "subclasses"), "utf8").split("\n");
  expect(subclasses).toContain("application/vnd.tinsmith.image application/x-lz4-compressed-tar");
  expect(subclasses).toContain("application/vnd.tinsmith.recipe text/plain");
  const icons = inRoot("usr/share/icons/hicolor");
  for (const size of ["16x16", "32x32", "48x48", "64x64", "128x128", "256x256"])
    expect(widthOf(join(icons, size, "mimetypes/application-vnd.tinsmith.image.png"))).toBe(
      parseInt(size, 10),
    );
  expect(statSync(join(icons, "256x256/apps/tinsmith-desktop.png")).isFile()).toBe(true);
});

test("apparmor_parser takes its profile; one older than 4, without the rule that it does not know", async () => {
  const { stdout: version } = await execa("/usr/sbin/apparmor_parser", ["--version"]);
  const isOld = / version [0-3]\./.test(version);
  const text = readFileSync(profile, "utf8");
  const input = isOld ? text.replace(/^abi .*,$/m, "").replace(/^ *userns,$/m, "") : text;
  await execa("/usr/sbin/apparmor_parser", ["--skip-kernel-load", "--skip-cache"], { input });
  expect(text).toContain("\nprofile tinsmith-desktop /opt/Tinsmith/tinsmith-desktop ");
});

test("its commands start the CLI and the app", async () => {
  expect((await host.run("/usr/bin/tinsmith", "--version")).stdout).toBe(packageJson.version);
  const { stdout } = await host.run("/usr/bin/tinsmith", "doctor");
  expect(stdout).toContain("the guest tools are already built");
  const { stderr } = await host.run("/usr/bin/tinsmith-desktop");
  expect(stderr).toContain("This stands in for Electron");
});

test("an upgrade keeps what the user has, and adds AppArmor's profile where the rule is known by now", async () => {
  expect(existsSync(inRoot("etc/apparmor.d/tinsmith-desktop"))).toBe(false);
  // It gets as far as the machine definition, which is wrong, and has copied the image sets.
  await host.run("/usr/bin/tinsmith", "rebuild", "setup", "--machine", "/nonexistent.json");
  const recipe = inRoot("home/user/images/microcore/recipe.yaml");
  writeFileSync(recipe, "changed\n");
  const settings = inRoot("home/user/settings.json");
  writeFileSync(settings, '{"version":1}\n');
  host.setAppArmor(true);
  await host.dpkg("--install", await host.makeVersion("99.0.0"));
  expect(await host.dpkg("--status", "tinsmith")).toMatch(/^Version: 99\.0\.0$/m);
  await host.run("/usr/bin/tinsmith", "rebuild", "setup", "--machine", "/nonexistent.json");
  expect(readFileSync(recipe, "utf8")).toBe("changed\n");
  expect(readFileSync(settings, "utf8")).toBe('{"version":1}\n');
  expect(readFileSync(inRoot("etc/apparmor.d/tinsmith-desktop"))).toEqual(readFileSync(profile));
  expect(statSync(inRoot("opt/Tinsmith/chrome-sandbox")).mode & 0o4000).toBe(0o4000);
});

test("removed, it leaves only what the user has", async () => {
  await host.dpkg("--remove", "tinsmith");
  expect(existsSync(inRoot("opt/Tinsmith"))).toBe(false);
  expect(existsSync(inRoot("usr/bin/tinsmith"))).toBe(false);
  expect(existsSync(inRoot("etc/apparmor.d/tinsmith-desktop"))).toBe(false);
  expect(readdirSync(inRoot("home/user/images")).sort()).toEqual(["microcore", "tinycore"]);
  await host.dpkg("--purge", "tinsmith");
  expect(await host.dpkg("--get-selections")).toBe("");
});
