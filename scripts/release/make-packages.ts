import { globSync, mkdirSync, renameSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { createProcessTree, endTree } from "../../core/process/process-tree.ts";
import { AppError } from "../../shared/errors/errors.ts";
import type { Release } from "./plan-release.ts";

interface Packages {
  /** The folder of the packages. */
  readonly files: string;
  /** The packages that could not be made here, each with the reason. */
  readonly missing: readonly string[];
}

/**
 * Makes the packages of a working tree, with the npm packages of its lock file; their output is shown on stderr. Their files have
 * the time of the release, so that the same sources give the same bytes.
 *
 * @throws AppError `command-failed` when the npm package or the deb can't be made
 */
export async function makePackages(
  { time, npmOnly }: Pick<Release, "time" | "npmOnly">,
  tree: string,
  signal: AbortSignal,
): Promise<Packages> {
  const files = join(tree, "dist/release");
  const run = (script: string) => runScript(script, { tree, time, signal });
  await run(npmOnly ? "source scripts/bootstrap.sh && need_package" : "scripts/dist.sh");
  mkdirSync(files, { recursive: true });
  await run("npm pack ./dist/package --silent --pack-destination dist/release");
  const desktop = globSync(join(tree, "dist/app/*.{deb,AppImage}"));
  for (const path of desktop) renameSync(path, join(files, basename(path)));
  const has = (end: string) => desktop.some((path) => path.endsWith(end));
  if (!npmOnly && !has(".deb"))
    throw new AppError({ code: "command-failed", message: "scripts/dist.sh has made no deb" });
  if (npmOnly)
    return { files, missing: ["It has no deb and no AppImage: only the npm package was asked for."] };
  const reason = "electron-builder can't download the tool for it";
  return { files, missing: has(".AppImage") ? [] : [`It has no AppImage: ${reason}.`] };
}

interface ScriptOptions {
  readonly tree: string;
  readonly time: number;
  readonly signal: AbortSignal;
}

async function runScript(script: string, { tree, time, signal }: ScriptOptions): Promise<void> {
  signal.throwIfAborted();
  const { PATH = "", ELECTRON_DIST } = process.env;
  const child = execa("bash", ["-euo", "pipefail", "-c", script], {
    cwd: tree,
    reject: false,
    stdin: "ignore",
    stdout: 2,
    stderr: "inherit",
    env: {
      PATH: `${dirname(process.execPath)}${delimiter}${PATH}`,
      SOURCE_DATE_EPOCH: `${time}`,
      ...(ELECTRON_DIST && { ELECTRON_DIST: resolve(ELECTRON_DIST) }),
    },
  });
  const { pid } = child;
  const end = () => void (pid !== undefined && endTree(createProcessTree(pid)));
  signal.addEventListener("abort", end, { once: true });
  const { failed } = await child;
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  if (!failed) return;
  throw new AppError({
    code: "command-failed",
    message: `the packages can't be made: ${script} failed`,
    advice: "Read its output above. On a host without Electron, --npm-only makes only the npm package.",
  });
}
