import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { extractAll, listPackage } from "@electron/asar";
import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
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
  extracted = join(app.folder, "extracted");
  extractAll(asar, extracted);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const all = listPackedFiles(app.folder).filter((file) => !file.startsWith("extracted/"));
  const whole = all.reduce((sum, file) => sum + statSync(join(app.folder, file)).size, 0);
  process.stdout.write(
    `unpacked app, without Electron: ${megabytes(whole)} MB, of which app.asar ${megabytes(statSync(asar).size)}\n`,
  );
}, 120_000);
afterAll(() => app[Symbol.dispose]());

test("its archive holds bundles and the packages that these find, and no sources, tests, maps or types", () => {
  const files = listPackage(asar, { isPack: false }).filter((file) =>
    statSync(join(extracted, file)).isFile(),
  );
  const roots = new Set(
    files.map((file) => /^\/(dist\/\w+|node_modules\/(?:@\w+\/)?[\w-]+|[^/]+)/.exec(file)?.[1]),
  );
  expect([...roots].sort()).toEqual([
    "dist/cli",
    "dist/electron",
    "dist/renderer",
    "node_modules/@antoniomuso/lz4-napi-linux-x64-gnu",
    "node_modules/@lydell/node-pty-linux-x64",
    "node_modules/keysym",
    "node_modules/lz4-napi",
    "node_modules/node-pty",
    "package.json",
  ]);
  expect(files.filter((file) => /\.(tsx?|map|test\.\w+|spec\.\w+|c|cc|cpp|h|gyp|go)$/.test(file))).toEqual(
    [],
  );
  const packageJson = JSON.parse(readFileSync(join(extracted, "package.json"), "utf8"));
  expect(packageJson).toMatchObject({ name: "tinsmith", main: "dist/electron/main.mjs" });
  expect(packageJson).not.toHaveProperty("devDependencies");
});

test("native files lie beside the archive, where they can be loaded", async () => {
  const beside = listPackedFiles(join(app.resources, "app.asar.unpacked"));
  const native = beside.filter((file) => file.endsWith(".node"));
  expect(native).toHaveLength(2);
  const load = native.map(
    (file) => `require(${JSON.stringify(join(app.resources, "app.asar.unpacked", file))})`,
  );
  await execa(process.execPath, ["-e", load.join(";")]);
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
    "node_modules/lz4-napi/LICENSE",
    "node_modules/node-pty/LICENSE",
  ])
    expect(files).toContain(file);
  expect(files.filter((file) => /\.tar\.|\.go$/.test(file))).toEqual([]);
});

test("the command line is an installation of its own, which the system's Node runs", async () => {
  const bundle = join(app.resources, "dist/cli/tinsmith.mjs");
  const { stdout } = await execa(process.execPath, [bundle, "doctor"], {
    env: { TINSMITH_HOME: app.folder },
  });
  expect(stdout).toContain("the guest tools are built already");
});

test("/usr/bin/tinsmith runs it, and says what to do without a Node that is new enough", async () => {
  const script = join(packaging, "tinsmith");
  const none = await execa(script, [], { env: { PATH: "/nonexistent" }, extendEnv: false, reject: false });
  expect([none.exitCode, none.stderr]).toEqual([3, expect.stringContaining("Node 22.18 or newer is needed")]);
  const folder = join(app.folder, "older");
  mkdirSync(folder);
  writeFileSync(join(folder, "node"), "#!/bin/sh\necho v18.20.4\n", { mode: 0o755 });
  const older = await execa(script, [], { env: { PATH: `${folder}:${process.env.PATH}` }, reject: false });
  expect([older.exitCode, older.stderr]).toEqual([
    3,
    expect.stringContaining("is v18.20.4: install a newer one"),
  ]);
  writeFileSync(join(folder, "node"), '#!/bin/sh\n[ "$1" = --version ] && echo v22.18.0 || echo "$@"\n');
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
