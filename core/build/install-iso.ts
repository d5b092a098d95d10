import { existsSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { IsoSource } from "../../shared/recipe.ts";
import { digestTrees } from "../files/digest.ts";
import { download } from "../files/download.ts";
import { makeFolder, requireFile } from "../files/files.ts";
import { type CommandRunner, commandIn, runCommand } from "../process.ts";

interface IsoOptions {
  /** The recipe's folder: relative paths start there, and build commands run there. */
  readonly folder: string;
  /** ISOs that were built or fetched are kept below it. */
  readonly cache: string;
  readonly signal?: AbortSignal | undefined;
  /** Runs a build command. */
  readonly run?: CommandRunner;
  /** Called before a download. */
  readonly onLine?: (line: string) => void;
  /** Called with the bytes of a download that are there, and how many there will be. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Finds the ISO that a setup image is installed from: a file, a download that is checked, or one built here. */
export async function findInstallIso(source: IsoSource, options: IsoOptions): Promise<string> {
  if ("path" in source)
    return requireFile(resolve(options.folder, source.path), "The recipe names it as its iso.");
  return "url" in source ? await fetchOnce(source, options) : await build(source, options);
}

/** Builds the ISO, unless one was built from the same inputs before. */
async function build(source: Extract<IsoSource, { build: unknown }>, options: IsoOptions): Promise<string> {
  const { folder, cache, signal, run = runCommand } = options;
  const inputs = source.inputs.map((input) =>
    requireFile(resolve(folder, input), "The recipe names it as an input."),
  );
  return await cached(cache, digestTrees(inputs), async (partial) => {
    const command = commandIn(folder, [...source.build, partial]);
    await run(command, { cwd: folder, env: { TINSMITH_CACHE: cache }, signal });
  });
}

/** Fetches the ISO, unless it was fetched before; what broke off goes on. */
async function fetchOnce(
  source: Extract<IsoSource, { url: unknown }>,
  { cache, signal, onLine = () => {}, onProgress = () => {} }: IsoOptions,
): Promise<string> {
  const path = cachedIso(cache, source.sha256);
  if (existsSync(path)) return path;
  onLine(`fetching ${source.url}`);
  await download(source, path, {
    signal,
    onProgress: (done, total) => total !== undefined && onProgress(done, total),
  });
  return path;
}

/** Where an ISO of that name is kept. */
function cachedIso(cache: string, name: string): string {
  const isos = join(cache, "isos");
  makeFolder(isos);
  return join(isos, `${name}.iso`);
}

/** The file of that name in the cache, made first when it is missing; a half-made one never bears the name. */
async function cached(
  cache: string,
  name: string,
  make: (partial: string) => Promise<void>,
): Promise<string> {
  const path = cachedIso(cache, name);
  if (existsSync(path)) return path;
  const partial = `${path}.${process.pid}.partial`;
  try {
    await make(partial);
    renameSync(
      requireFile(partial, "The build command must write the file that is its last argument."),
      path,
    );
  } finally {
    rmSync(partial, { force: true });
  }
  return path;
}
