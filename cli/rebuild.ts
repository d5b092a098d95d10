import { Argument, Command } from "commander";
import { readImageSet } from "../core/build/image-set.ts";
import { type RebuildOptions, rebuildSetup, rebuildWorker } from "../core/build/rebuild.ts";
import { findPaths } from "../core/paths.ts";
import { runToExit } from "./context.ts";
import { options } from "./options.ts";
import { createProgress } from "./progress.ts";

interface Options extends RebuildOptions {
  readonly recipe: string;
  readonly vnc?: number;
  readonly json?: boolean;
}

/** `tinsmith rebuild`. */
export function rebuildCommand(): Command {
  return new Command("rebuild")
    .description("Build the setup or worker image of an image set by its recipe.")
    .addArgument(new Argument("[image]", "which one").choices(["setup", "worker"]).default("worker"))
    .addOption(options.recipe())
    .addOption(options.boot())
    .addOption(options.vnc())
    .addOption(options.memory())
    .addOption(options.timeout())
    .addOption(options.json())
    .action(rebuild)
    .addHelpText(
      "after",
      `
The worker image is made from the setup image, which is built first when it is missing.

Examples:
  $ tinsmith rebuild worker
  $ tinsmith rebuild setup --recipe images/tinycore --boot TinyCore.iso --vnc 5900`,
    );
}

function rebuild(image: "setup" | "worker", given: Options): Promise<void> {
  return runToExit(async (signal) => {
    using progress = createProgress(given);
    const set = readImageSet(given.recipe);
    const context = { paths: findPaths(), signal, onEvent: progress.onEvent };
    const wishes = { ...given, vncPort: given.vnc };
    await (image === "setup" ? rebuildSetup(set, wishes, context) : rebuildWorker(set, wishes, context));
  });
}
