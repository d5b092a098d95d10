import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import packageJson from "../../package.json" with { type: "json" };
import { expect, test } from "./fixtures.ts";

const project = resolve(import.meta.dirname, "../..");
const script = join(project, packageJson.scripts.start);

/** Puts a program into a folder of the home. @returns the folder */
function putProgram(home: string, name: string, text: string): string {
  const folder = join(home, `with-${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return folder;
}

/** An Electron that writes down its arguments. */
const putElectron = (home: string) =>
  putProgram(home, "electron", `printf '%s\\n' "$@" >${join(home, "arguments")}`);

/** Runs npm start until it serves the window. @returns its output */
async function startServing(
  home: string,
  env: Readonly<Record<string, string>>,
  [program, ...args]: readonly [string, ...string[]] = [script],
): Promise<string> {
  const start = execa(program, args, { env: { TINSMITH_HOME: home, ...env }, reject: false });
  const [address] = await once(start.stdout, "data");
  expect(`${address}`).toMatch(/^http:\/\/[0-9a-f]{20}\.localhost:\d+\/#token=/);
  start.kill("SIGINT");
  const { stderr } = await start;
  expect(stderr).toContain("The window opens in a browser instead.");
  return stderr;
}

test("npm start runs Electron on this checkout where there is one", async ({ home }) => {
  await execa(script, ["some.iso"], { env: { ELECTRON_OVERRIDE_DIST_PATH: putElectron(home) } });
  expect(readFileSync(join(home, "arguments"), "utf8")).toBe(`${project}\nsome.iso\n`);
});

test("npm start serves the window to a browser where there is no Electron, and says so", async ({ home }) => {
  // The package's installer then leaves the download out.
  const env = { ELECTRON_OVERRIDE_DIST_PATH: home, ELECTRON_SKIP_BINARY_DOWNLOAD: "1" };
  expect(await startServing(home, env)).toContain("Electron's binary is not here and can't be downloaded.");
});

test("npm start names the libraries that Electron lacks", async ({ home }) => {
  const ldd = putProgram(
    home,
    "ldd",
    "echo '	libnss3.so => not found'; echo '	libc.so.6 => /lib/libc.so.6'",
  );
  const env = { ELECTRON_OVERRIDE_DIST_PATH: putElectron(home), PATH: `${ldd}:${process.env.PATH}` };
  expect(await startServing(home, env)).toContain("Electron needs libraries that are missing: libnss3.so.");
});

for (const [what, version, says] of [
  ["an Electron of another version", "33.2.1", "is Electron 33.2.1. Unset ELECTRON_OVERRIDE_DIST_PATH"],
  ["one that is far newer", `1${packageJson.devDependencies.electron}`, "Tinsmith needs Electron"],
] as const)
  test(`npm start does not run ${what}, and says which it needs`, async ({ home }) => {
    const folder = putElectron(home);
    writeFileSync(join(folder, "version"), version);
    expect(await startServing(home, { ELECTRON_OVERRIDE_DIST_PATH: folder })).toContain(says);
  });

test("npm start runs another Electron of the same major version", async ({ home }) => {
  const folder = putElectron(home);
  const [major] = packageJson.devDependencies.electron.split(".");
  writeFileSync(join(folder, "version"), `v${major}.999.0\n`);
  await execa(script, { env: { ELECTRON_OVERRIDE_DIST_PATH: folder } });
  expect(readFileSync(join(home, "arguments"), "utf8")).toBe(`${project}\n`);
});

test("npm start says that there is no display", async ({ home }) => {
  const env = { ELECTRON_OVERRIDE_DIST_PATH: putElectron(home), DISPLAY: "" };
  expect(await startServing(home, env)).toContain("There is no display");
});

test("npm start says that Electron does not start as root", async ({ home }) => {
  const asRoot = ["unshare", "--map-root-user", script] as const;
  const env = { ELECTRON_OVERRIDE_DIST_PATH: putElectron(home) };
  expect(await startServing(home, env, asRoot)).toContain("Run npm start as another user.");
});
