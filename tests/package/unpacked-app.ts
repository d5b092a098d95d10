import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { makeStandInElectron } from "./stand-in-electron.ts";

const project = resolve(import.meta.dirname, "../..");
const installed = process.env.ELECTRON_DIST ?? join(project, "node_modules/electron/dist");

/** The unpacked desktop app, as `npm run dist:dir` has made it. */
export interface UnpackedApp extends Disposable {
  readonly folder: string;
  readonly resources: string;
  readonly binary: string;
}

/** Makes the unpacked app with an Electron: the one that is installed when none is named, else a stand-in for it. */
export async function makeUnpackedApp(named = installed): Promise<UnpackedApp> {
  const work = mkdtempSync(join(tmpdir(), "unpacked-"));
  const electron = existsSync(named) ? named : join(work, "electron");
  if (electron !== named) makeStandInElectron(electron);
  const out = join(work, "app");
  await execa(
    join(project, "node_modules/.bin/electron-builder"),
    ["--dir", "--publish=never", `-c.electronDist=${electron}`, `-c.directories.output=${out}`],
    { cwd: project },
  );
  const folder = join(out, "linux-unpacked");
  return {
    folder,
    resources: join(folder, "resources"),
    binary: join(folder, "tinsmith-desktop"),
    [Symbol.dispose]: () => rmSync(work, { recursive: true, force: true }),
  };
}
