import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { Argument, Command, Option } from "commander";
import {
  saveStatesQuietly,
  setupState,
  type WantedState,
  workerState,
} from "../../../core/builder/warm/save-states.ts";
import { type ImageSet, readImageSet } from "../../../core/image-set/image-set.ts";
import { saveImageState } from "../../../core/states/save-image-state.ts";
import { findPaths } from "../../../core/storage/paths.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { formatDuration } from "../../../shared/text/format.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options } from "../../support/options.ts";
import { print, printNote } from "../../support/print.ts";
import { usualSet } from "../../support/usual-set.ts";

interface Options {
  readonly recipe?: string;
  readonly memory?: number;
  readonly unasked?: boolean;
}

/** `tinsmith warm`. */
export function warmCommand(): Command {
  return new Command("warm")
    .description("Save the states that the builds and runs of an image set continue from instead of booting.")
    .addArgument(new Argument("[image]", "the image; without it, both").choices(["setup", "worker"]))
    .addOption(options.recipe())
    .addOption(options.memory())
    .addOption(new Option("--unasked", "after a build, for the next one").hideHelp())
    .action(warm)
    .addHelpText(
      "after",
      `
The state of the setup image is saved when it waits for the data CD, that of the worker image just before the first
request of its guest tools. A state is the memory of the VM: it stays on this host, in the cache. With --memory, the
states are for builds and runs with the same --memory.

Example:
  $ tinsmith warm --recipe images/microcore`,
    );
}

function warm(image: "setup" | "worker" | undefined, given: Options): Promise<void> {
  return runToExit(async (signal) => {
    const paths = findPaths();
    const set = readImageSet(resolve(given.recipe ?? usualSet(paths)));
    if (given.unasked) {
      await saveStatesQuietly(setupState(set, given.memory), { paths, signal });
      return exitStatus.success;
    }
    for (const wanted of statesOf(set, image, given.memory)) {
      const started = performance.now();
      const onNote = (text: string) => printNote(text);
      const { state, isNew } = await saveImageState({ ...wanted, paths, signal, isForced: true, onNote });
      state[Symbol.dispose]();
      const time = formatDuration(performance.now() - started);
      print(
        `${basename(wanted.archive)}: ${isNew ? `its state was saved in ${time}` : "its state is saved already"}\n`,
      );
    }
    return exitStatus.success;
  });
}

function statesOf(
  set: ImageSet,
  image: "setup" | "worker" | undefined,
  memory?: number,
): readonly WantedState[] {
  const states = [
    ...(image === "worker" ? [] : setupState(set, memory)),
    ...(image === "setup" ? [] : workerState(set.workerImage, { memory })),
  ];
  if (states.length > 0) return states;
  const missing = [set.setupImage, set.workerImage].find((archive) => !existsSync(archive));
  throw new AppError(
    missing === undefined
      ? {
          code: "usage",
          message: `the recipe of ${set.name} puts no setup.sh on the data CD, so its setup image can't continue from a saved state`,
          advice: "Rebuild it as before: tinsmith rebuild worker.",
        }
      : {
          code: "missing-file",
          message: `${missing} does not exist`,
          advice: "Build the image first, with tinsmith rebuild.",
        },
  );
}
