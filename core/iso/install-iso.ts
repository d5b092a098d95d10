import { resolve } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import type { IsoSource } from "../../shared/recipe/recipe.ts";

import { plainDigests } from "../files/digest.ts";
import { makeFolder } from "../files/folders.ts";
import { lockFolder } from "../files/locks/file-lock.ts";
import { requireRegularFile, statusOf } from "../files/regular-file.ts";
import { download } from "../network/fetching/download.ts";
import { buildEnvironment } from "../process/build-environment.ts";
import {
  type Argv,
  type CommandRunner,
  commandFailed,
  commandIn,
  runCommand,
} from "../process/run-command.ts";
import { debianPackages, isoPaths } from "../storage/paths.ts";
import { buildOnce } from "./built-iso.ts";
import { builtIsoKey } from "./built-iso-key.ts";
import { openIsoFile } from "./file-system/iso-file.ts";
import { requireVolume } from "./file-system/require-volume.ts";
import { hasKeptIso, recordIso } from "./iso-cache.ts";
import { lockIso } from "./iso-lock.ts";

interface IsoOptions {
  /** The recipe's folder: relative paths start there, and build commands run there. */
  readonly folder: string;
  /** ISOs that were built or fetched are kept below it. */
  readonly cache: string;
  /** An existing folder for an ISO that may not be kept there, which lasts as long as the ISO is used. */
  readonly working: string;
  readonly signal?: AbortSignal | undefined;
  /** Runs a build command. */
  readonly run?: CommandRunner;
  /** Called before a download, and before a wait for another process that makes the same ISO. */
  readonly onLine?: (line: string) => void;
  /** Called with notes for the person, such as about a damaged ISO in the cache. */
  readonly onNote?: (text: string) => void;
  /** Called with the bytes of a download that are there, and how many there will be. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Finds the ISO that a setup image is installed from: a file, a download that is checked, or one built here. */
export async function findInstallIso(source: IsoSource, options: IsoOptions): Promise<string> {
  if ("path" in source)
    return requireIso(
      resolve(options.folder, source.path),
      "Check the recipe's iso, or the path after --boot.",
    );
  return "url" in source ? await fetchOnce(source, options) : await build(source, options);
}

/** Refuses a path that leads neither to a CD drive nor to a file with content. @throws AppError as `requireRegularFile` */
export function requireIso(path: string, advice?: string): string {
  requireRegularFile(path, { kinds: ["file", "block device"], ...(advice && { advice }) });
  if (!isEmptyFile(path)) return path;
  throw new AppError({
    code: "usage",
    message: `${path} is empty, so it is not an ISO`,
    advice: "Make or download it again, or give the path of another ISO.",
  });
}

/**
 * Refuses a path that does not lead to an ISO, before a virtual machine boots from it in vain.
 *
 * @throws AppError `usage` as `requireVolume`; as `requireIso`
 */
export async function requireBootIso(path: string, advice?: string): Promise<string> {
  requireIso(path, advice);
  await using file = await openIsoFile(path);
  await requireVolume(file);
  return path;
}

function isEmptyFile(path: string): boolean {
  const status = statusOf(path);
  return status?.isFile() === true && status.size === 0;
}

/** Builds the ISO, unless one was built by the same command from the same inputs before. */
async function build(source: Extract<IsoSource, { build: unknown }>, options: IsoOptions): Promise<string> {
  const { folder, cache, working, signal, run = runCommand, onLine = () => {}, onNote = () => {} } = options;
  for (const input of source.inputs)
    requireRegularFile(resolve(folder, input), {
      kinds: ["file", "folder"],
      advice: "Check the paths in the recipe's iso.",
    });
  const takeKey = () => builtIsoKey(folder, source, plainDigests(signal));
  const key = await takeKey();
  const make = async (path: string) => {
    const command = commandIn(folder, [...source.build, path]);
    const { env, inherit } = buildEnvironment(source.env);
    using _packages = lockFolder(debianPackages({ cache }), "shared");
    const printed = await run(command, {
      ...{ cwd: folder, inherit, signal },
      env: { ...env, TINSMITH_CACHE: cache },
    });
    requireBuiltIso(path, command, printed);
  };
  const isUnchanged = async () => {
    const now = await takeKey().catch(() => undefined);
    signal?.throwIfAborted();
    return now === key;
  };
  return await buildOnce(cache, key, { make, isUnchanged, working, onLine, onNote, signal });
}

/** Refuses the result of a build command, at the path that is its last argument, unless it is a file with content. */
function requireBuiltIso(path: string, command: Argv, printed: string): void {
  const mustWrite = "The build command must write the ISO to the file that is its last argument.";
  requireRegularFile(path, { advice: mustWrite });
  if (!isEmptyFile(path)) return;
  const failure = commandFailed(command, `left the ISO ${path} empty`, printed.split("\n"));
  const { advice = mustWrite, ...failed } = failure.toJSON();
  throw new AppError({ ...failed, advice });
}

/** Downloads the ISO, unless it is in the cache. An interrupted download resumes. Of several that want the same one, one downloads it. */
async function fetchOnce(
  source: Extract<IsoSource, { url: unknown }>,
  { cache, signal, onLine = () => {}, onNote = () => {}, onProgress = () => {} }: IsoOptions,
): Promise<string> {
  const files = isoPaths(cache, source.sha256);
  makeFolder(files.folder);
  using _lock = await lockIso(cache, files, { doing: "fetching", onLine, signal });
  if (await hasKeptIso(files, { sha256: source.sha256, onNote, signal })) return files.iso;
  onLine(`fetching ${source.url}`);
  await download(source, files.iso, {
    signal,
    onProgress: (done, total) => total !== undefined && onProgress(done, total),
  });
  await recordIso(files, source.sha256);
  return files.iso;
}
