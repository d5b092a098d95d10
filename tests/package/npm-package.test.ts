import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { fetchFromLoopback } from "../fetch-from-loopback.ts";
import { listPackedFiles } from "./packed-files.ts";

// The npm package as somebody gets it who installs it; ./test.sh has laid it out in dist/package.

const laidOut = resolve(import.meta.dirname, "../../dist/package");
let folder: string;

/** Runs the installed command. */
const tinsmith = (...args: readonly string[]) =>
  execa(join(folder, "node_modules/.bin/tinsmith"), args, {
    cwd: folder,
    env: { CI: "true", TINSMITH_HOME: join(folder, "home") },
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "npm-"));
  const { stdout: tarball } = await execa("npm", ["pack", laidOut, "--silent"], { cwd: folder });
  const options = [
    "--prefix",
    folder,
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--silent",
  ];
  await execa("npm", ["install", ...options, join(folder, tarball)], { cwd: folder });
  process.stdout.write(`npm package: ${(statSync(join(folder, tarball)).size / 1e6).toFixed(1)} MB\n`);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("it holds what runs, and no sources, tests, maps, images or states", () => {
  const files = listPackedFiles(laidOut);
  expect(files).toEqual(
    expect.arrayContaining([
      "dist/cli/tinsmith.mjs",
      "dist/renderer/index.html",
      "guest-tools/guest-tools",
      "images/microcore/recipe.yaml",
      "images/microcore/iso/build.sh",
      "LICENSE",
      "THIRD-PARTY-LICENSES",
    ]),
  );
  const unwanted = files.filter((file) =>
    /\.(ts|tsx|go|map|memory|qcow2|img)$|(^|\/)(tests?|node_modules|states|cache)\/|\.tar\./.test(file),
  );
  expect(unwanted).toEqual([]);
});

test("its command says its version, and what the host has for it", async () => {
  expect((await tinsmith("--version")).stdout).toBe(packageJson.version);
  const { stdout } = await tinsmith("doctor");
  expect(stdout).toContain("the guest tools are already built");
});

test("image sets are the user's own copies, since what was installed can't be written to", async () => {
  // It gets as far as the machine definition, which is wrong.
  const failed = await tinsmith("rebuild", "setup", "--machine", "/nonexistent.json").catch((error) => error);
  expect(failed.stderr).toContain("/nonexistent.json");
  expect(statSync(join(folder, "home/images/microcore/recipe.yaml")).isFile()).toBe(true);
});

test("it serves the window, and other commands see its sessions", async () => {
  const server = tinsmith("serve", "--keep");
  const meta = tinsmith("meta", "--socket", join(folder, "meta.sock"), "--", "true");
  onTestFinished(async () => {
    for (const process of [server, meta]) process.kill("SIGTERM");
    await Promise.allSettled([server, meta]);
  });
  const [line] = await once(server.stdout, "data");
  const page = await fetchFromLoopback(`${line}`.trim());
  expect(await page.text()).toContain("<title>Tinsmith</title>");
  await vi.waitFor(async () => expect((await tinsmith("sessions")).stdout).toContain("meta"), 20_000);
});

test("its guest tools run, and say what they take", async () => {
  const guestTools = join(folder, "node_modules/tinsmith/guest-tools/guest-tools");
  const { all } = await execa(guestTools, ["--help"], { all: true, reject: false });
  expect(all).toContain("post-log");
});

test("the licences of all that is in its bundles are there", async () => {
  const text = readFileSync(join(laidOut, "THIRD-PARTY-LICENSES"), "utf8");
  const named = [...text.matchAll(/^## (\S+) /gm)].map(([, name]) => name);
  // Those that a bundle imports, of which others come along.
  for (const name of [
    "react",
    "zod",
    "@fontsource-variable/inter",
    "@fontsource-variable/cascadia-mono",
    "@novnc/novnc",
    "@xterm/xterm",
    "codemirror",
    "commander",
    "ws",
    "Go",
  ])
    expect(named).toContain(name);
  for (const part of text.split(/^## /m).slice(1))
    expect(part).toMatch(/permission|redistribut|license|licence/i);
});
