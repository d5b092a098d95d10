import { join, resolve } from "node:path";
import type { GuestTools } from "../../shared/recipe/guest-tools.ts";
import { ownCdFiles } from "../../shared/recipe/recipe-conflicts.ts";
import { quoteForShell } from "../../shared/text/quote-for-shell.ts";
import { requireRegularFile } from "../files/regular-file.ts";
import type { DataFile } from "../iso/data-iso.ts";
import { buildEnvironment } from "../process/build-environment.ts";
import { type CommandRunner, commandIn, runCommand } from "../process/run-command.ts";
import { installation } from "../storage/installation.ts";
import { workFiles } from "./retry/retry-work.ts";

const [binaryName, startName] = ownCdFiles;
/** The path at which setup.sh puts the tools in the guest. */
const guestPath = `/opt/${binaryName}`;

interface GuestToolsOptions {
  /** The recipe's folder: relative paths start there, and build commands run there. */
  readonly recipeFolder: string;
  /** An existing folder for built files. */
  readonly folder: string;
  /** Variables that the build command gets besides those that the recipe names. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Runs the build command. */
  readonly run?: CommandRunner;
}

/**
 * Makes the guest tools ready for the data CD: `guest-tools`, the binary, and `start-guest-tools`, the script that
 * starts it in the guest with the recipe's arguments. Without a recipe for them, Tinsmith's own are taken: compiled
 * where their sources are.
 */
export async function prepareGuestTools(
  tools: GuestTools | undefined,
  { recipeFolder, folder, variables, run: runBuild = runCommand }: GuestToolsOptions,
): Promise<readonly DataFile[]> {
  const { build, env, binary, run } = tools ?? ownGuestTools(join(folder, workFiles.guestTools));
  if (build)
    await runBuild(commandIn(recipeFolder, build), {
      cwd: recipeFolder,
      ...buildEnvironment(env, variables),
    });
  const from = requireRegularFile(resolve(recipeFolder, binary), {
    advice: "Check the recipe's guestTools, and that the build makes this file.",
  });
  const start = `#!/bin/sh\nexec ${[guestPath, ...run].map(quoteForShell).join(" ")}\n`;
  return [
    { name: binaryName, from },
    { name: startName, text: start },
  ];
}

/** Tinsmith's own guest tools, as a recipe has its own. @param out where they are built, if they are */
export function ownGuestTools(out: string): GuestTools {
  const { guestTools } = installation;
  const run = ["run"];
  if ("binary" in guestTools) return { binary: guestTools.binary, run };
  return { build: [join(guestTools.sources, "build.sh"), out], binary: out, run };
}
