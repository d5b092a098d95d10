import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "../../shared/errors.ts";
import type { IsoSource } from "../../shared/recipe.ts";
import { digestFile, digestTrees } from "../digest.ts";
import { requireFile } from "../files.ts";
import { commandIn, runCommand } from "../process.ts";

interface IsoOptions {
  /** The recipe's folder: relative paths start there, and build commands run there. */
  readonly folder: string;
  /** ISOs that were built or fetched are kept below it. */
  readonly cache: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line that a build command prints, and before a download. */
  readonly onLine?: (line: string) => void;
}

/** Finds the ISO that a setup image is installed from: a file, a download that is checked, or one built here. */
export async function findInstallIso(source: IsoSource, options: IsoOptions): Promise<string> {
  if ("path" in source)
    return requireFile(resolve(options.folder, source.path), "The recipe names it as its iso.");
  return "url" in source ? await download(source, options) : await build(source, options);
}

/** Builds the ISO, unless one was built from the same inputs before. */
async function build(source: Extract<IsoSource, { build: unknown }>, options: IsoOptions): Promise<string> {
  const { folder, cache, signal, onLine = () => {} } = options;
  const inputs = source.inputs.map((input) =>
    requireFile(resolve(folder, input), "The recipe names it as an input."),
  );
  return await cached(cache, digestTrees(inputs), async (partial) => {
    const command = commandIn(folder, [...source.build, partial]);
    await runCommand(command, { cwd: folder, env: { TINSMITH_CACHE: cache }, signal, onLine });
  });
}

async function download(source: Extract<IsoSource, { url: unknown }>, options: IsoOptions): Promise<string> {
  return await cached(options.cache, source.sha256, async (partial) => {
    options.onLine?.(`fetching ${source.url}`);
    try {
      const response = await fetch(source.url, options.signal ? { signal: options.signal } : {});
      if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
      await pipeline(Readable.fromWeb(response.body), createWriteStream(partial));
    } catch (cause) {
      options.signal?.throwIfAborted();
      throw new AppError(
        {
          code: "command-failed",
          message: `${source.url} can't be fetched: ${cause instanceof Error ? cause.message : cause}`,
          advice: "Fetch it by hand and give the recipe its path, as iso: {path: FILE}.",
        },
        { cause },
      );
    }
    const digest = await digestFile(partial);
    if (digest === source.sha256) return;
    throw new AppError({
      code: "invalid-recipe",
      message: `${source.url} is not the file that the recipe means`,
      advice: "Check the address and the sha256 in the recipe.",
      details: [`expected sha256 ${source.sha256}`, `received sha256 ${digest}`],
    });
  });
}

/** The file of that name in the cache, made first when it is missing; a half-made one never bears the name. */
async function cached(
  cache: string,
  name: string,
  make: (partial: string) => Promise<void>,
): Promise<string> {
  const isos = join(cache, "isos");
  const path = join(isos, `${name}.iso`);
  if (existsSync(path)) return path;
  mkdirSync(isos, { recursive: true });
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
