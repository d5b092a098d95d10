import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { extractAll, listPackage } from "@electron/asar";
import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadMainBundle } from "./load-main-bundle.ts";
import { listPackedFiles } from "./packed-files.ts";
import { makeStandInElectron } from "./stand-in-electron.ts";
import { makeUnpackedApp, type UnpackedApp } from "./unpacked-app.ts";

// The desktop app as it is installed, with Electron where that is installed here, else with a stand-in for it.

const packaging = resolve(import.meta.dirname, "../../packaging");
let app: UnpackedApp;
let asar: string;
let extracted: string;

beforeAll(async () => {
  app = await makeUnpackedApp();
  asar = join(app.resources, "app.asar");
  // From there the bundle finds the packages beside the archive, as it does in the archive.
  extracted = join(app.resources, "extracted");
  extractAll(asar, extracted);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const all = listPackedFiles(app.folder).filter((file) => !file.startsWith("resources/extracted/"));
  const whole = all.reduce((sum, file) => sum + statSync(join(app.folder, file)).size, 0);
  process.stdout.write(
    `unpacked app, without Electron: ${megabytes(whole)} MB, of which app.asar ${megabytes(statSync(asar).size)}\n`,
  );
}, 120_000);
afterAll(() => app[Symbol.dispose]());

test("its archive holds the main process's bundles alone", () => {
  const files = listPackage(asar, { isPack: false }).filter((file) =>
    statSync(join(extracted, file)).isFile(),
  );
  expect(files.sort()).toEqual([
    "/dist/electron/icon.png",
    "/dist/electron/main.mjs",
    "/dist/electron/preload.cjs",
    "/dist/electron/tray.png",
    "/dist/electron/tray@2x.png",
    "/package.json",
  ]);
  const packageJson = JSON.parse(readFileSync(join(extracted, "package.json"), "utf8"));
  expect(packageJson).toMatchObject({ name: "tinsmith", main: "dist/electron/main.mjs" });
  expect(packageJson).not.toHaveProperty("devDependencies");
});

test("its bundles are for the Node and the Chromium of Electron 45", async () => {
  const folder = join(app.folder, "loaded");
  mkdirSync(folder);
  await loadMainBundle(join(extracted, "dist/electron/main.mjs"), folder);
  await execa(process.execPath, ["--check", join(extracted, "dist/electron/preload.cjs")]);
});

test("packages lie beside the archive, where the app and the CLI find them: no sources, tests, maps or types", async () => {
  const files = listPackedFiles(join(app.resources, "node_modules"));
  const packages = new Set(files.map((file) => /^(?:@\w+\/)?[\w-]+/.exec(file)?.[0]));
  expect([...packages].sort()).toEqual([
    "@antoniomuso/lz4-napi-linux-x64-gnu",
    "@koromix/koffi-linux-x64",
    "@lydell/node-pty-linux-x64",
    "keysym",
    "koffi",
    "lz4-napi",
    "node-pty",
  ]);
  expect(files.filter((file) => /\.(tsx?|map|test\.\w+|spec\.\w+|c|cc|cpp|h|gyp|go)$/.test(file))).toEqual(
    [],
  );
  const native = files.filter((file) => file.endsWith(".node"));
  expect(native).toHaveLength(3);
  const load = native.map((file) => `require(${JSON.stringify(join(app.resources, "node_modules", file))})`);
  await execa(process.execPath, ["-e", load.join(";")]);
});

test("nothing large is in it twice", () => {
  const bySum = Map.groupBy(
    listPackedFiles(app.resources).filter((file) => statSync(join(app.resources, file)).size > 10_000),
    (file) =>
      createHash("sha256")
        .update(readFileSync(join(app.resources, file)))
        .digest("hex"),
  );
  expect([...bySum.values()].filter((same) => same.length > 1)).toEqual([]);
});

test("image sets, guest tools and licences are there for other programs to read", () => {
  const files = listPackedFiles(app.resources);
  for (const file of [
    "images/microcore/recipe.yaml",
    "images/tinycore/setup.sh",
    "guest-tools/guest-tools",
    "LICENSE",
    "THIRD-PARTY-LICENSES",
    "node_modules/keysym/LICENSE",
    "node_modules/koffi/LICENSE.txt",
    "node_modules/lz4-napi/LICENSE",
    "node_modules/node-pty/LICENSE",
  ])
    expect(files).toContain(file);
  // Neither images, nor the states of their guests.
  const unwanted = /\.tar\.|\.(go|memory|qcow2|img)$|(^|\/)(memory|states|cache)(\/|$)/;
  expect(files.filter((file) => unwanted.test(file))).toEqual([]);
});

test("the command line is an installation of its own, which the system's Node runs", async () => {
  const bundle = join(app.resources, "dist/cli/tinsmith.mjs");
  const { stdout } = await execa(process.execPath, [bundle, "doctor"], {
    env: { TINSMITH_HOME: app.folder },
  });
  expect(stdout).toContain("the guest tools are already built");
});

test("/usr/bin/tinsmith runs it, and says what to do without a Node that is new enough", async () => {
  const script = join(packaging, "deb/tinsmith");
  const none = await execa(script, [], { env: { PATH: "/nonexistent" }, extendEnv: false, reject: false });
  expect([none.exitCode, none.stderr]).toEqual([5, expect.stringContaining("Node 24.5 or newer is needed")]);
  const folder = join(app.folder, "older");
  mkdirSync(folder);
  writeFileSync(join(folder, "node"), "#!/bin/sh\necho v18.20.4\n", { mode: 0o755 });
  const older = await execa(script, [], { env: { PATH: `${folder}:${process.env.PATH}` }, reject: false });
  expect([older.exitCode, older.stderr]).toEqual([
    5,
    expect.stringContaining("is v18.20.4: install a newer one"),
  ]);
  writeFileSync(join(folder, "node"), '#!/bin/sh\n[ "$1" = --version ] && echo v24.5.0 || echo "$@"\n');
  const fit = await execa(script, ["doctor", "a b"], { env: { PATH: `${folder}:${process.env.PATH}` } });
  expect(fit.stdout).toMatch(/\/opt\/Tinsmith\/resources\/dist\/cli\/tinsmith\.mjs doctor a b$/);
});

test("Electron's fuses are what they are to be", async () => {
  const fuses = await getCurrentFuseWire(app.binary);
  const isOn = (fuse: FuseV1Options) => fuses[fuse] === FuseState.ENABLE;
  expect({
    runAsNode: isOn(FuseV1Options.RunAsNode),
    nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
    fileProtocol: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
    cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
    asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
  }).toEqual({
    runAsNode: false,
    nodeOptions: false,
    inspect: false,
    fileProtocol: false,
    cookieEncryption: true,
    asarIntegrity: true,
    onlyAsar: true,
  });
});

test("fuses as Electron comes with them would be told apart", async () => {
  const folder = join(app.folder, "as-it-comes");
  makeStandInElectron(folder);
  const fuses = await getCurrentFuseWire(join(folder, "electron"));
  expect(fuses[FuseV1Options.RunAsNode]).toBe(FuseState.ENABLE);
  expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(FuseState.DISABLE);
});
