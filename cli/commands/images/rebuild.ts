import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { Argument, Command } from "commander";
import { performPlan } from "../../../core/builder/perform-plan.ts";
import { ownWorkspace } from "../../../core/storage/installation.ts";
import { findPaths, type Paths } from "../../../core/storage/paths.ts";
import { makePlan, type RebuildPlan } from "../../../shared/contracts/plan.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { createProgress } from "../../support/build-progress.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options } from "../../support/options.ts";
import { typedInput } from "../../support/typed-input.ts";

interface Options {
  readonly recipe?: string;
  readonly boot?: string;
  readonly sha256?: string;
  readonly machine?: string;
  readonly size?: number;
  readonly byHand?: boolean;
  readonly vnc?: number;
  readonly memory?: number;
  readonly timeout?: number;
  readonly keepFailed?: boolean;
  readonly retry?: string;
  readonly json?: boolean;
}

/** `tinsmith rebuild`. */
export function rebuildCommand(): Command {
  return new Command("rebuild")
    .description("Build the setup or worker image of an image set by its recipe.")
    .addArgument(new Argument("[image]", "the image to build").choices(["setup", "worker"]).default("worker"))
    .addOption(options.recipe())
    .option(
      "--boot <ISO>",
      "ISO to install the setup image from, in place of the recipe's: a file or an address",
    )
    .option("--sha256 <HEX>", "SHA-256 of an ISO that is given by its address")
    .option("--machine <FILE>", "machine definition of the setup image, in place of the recipe's")
    .addOption(options.size("size of the setup image's disk, in place of the recipe's"))
    .option("--by-hand", "install the setup image by hand, then choose what to do with tinsmith choose")
    .addOption(options.vnc())
    .addOption(options.memory())
    .addOption(options.timeout())
    .addOption(options.keepFailed())
    .option("--retry <SESSION>", "reuse the work of this failed session, if its inputs have not changed")
    .addOption(options.json())
    .action(rebuild)
    .addHelpText(
      "after",
      `
The worker image is made from the setup image, which is built first when it is missing.

Examples:
  $ tinsmith rebuild worker
  $ tinsmith rebuild setup --recipe images/tinycore --by-hand --boot TinyCore.iso --vnc 5900`,
    );
}

function rebuild(image: "setup" | "worker", given: Options): Promise<void> {
  return runToExit(async (signal) => {
    const { size, byHand, memory, timeout, vnc: vncPort, keepFailed, retry } = given;
    const paths = findPaths();
    const plan = makePlan({
      kind: "rebuild",
      folder: resolve(given.recipe ?? usualSet(paths)),
      image,
      iso: chosenIso(given),
      machine: given.machine && resolve(given.machine),
      ...{ size, byHand, memory, timeout, vncPort, keepFailed, retry },
    });
    using progress = createProgress(given);
    await performPlan(plan, { paths, signal, input: typedInput(progress), ...progress });
    return exitStatus.success;
  });
}

/** The embedded guest OS's image set, in the folder at hand or in the workspace. */
function usualSet(paths: Paths): string {
  const here = "images/microcore";
  return existsSync(here) ? here : join(ownWorkspace(paths), "microcore");
}

function chosenIso({ boot, sha256 }: Options): RebuildPlan["iso"] {
  const isAddress = boot !== undefined && /^https?:/.test(boot);
  if (isAddress !== (sha256 !== undefined))
    throw new AppError({
      code: "usage",
      message: isAddress ? "an ISO at an address needs --sha256" : "--sha256 needs --boot with an address",
      advice: "Give both, or the path of a file.",
    });
  if (boot === undefined) return undefined;
  return sha256 === undefined ? { path: resolve(boot) } : { url: boot, sha256: sha256.toLowerCase() };
}
