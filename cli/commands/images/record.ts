import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { Command } from "commander";
import { stringify } from "yaml";
import { readMachineFile } from "../../../core/image/read-machine.ts";
import { requireBootIso } from "../../../core/iso/install-iso.ts";
import { performPlan } from "../../../core/plan/perform-plan.ts";
import { installation } from "../../../core/storage/installation.ts";
import { findPaths, sessionPaths } from "../../../core/storage/paths.ts";
import { makePlan } from "../../../shared/contracts/plan.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { defaultArchiveName } from "../../../shared/library/library.ts";
import { formatMachine } from "../../../shared/machine/machine.ts";
import { createProgress } from "../../support/build-progress.ts";
import { runToExit } from "../../support/context.ts";
import { exitStatus } from "../../support/exit-status.ts";
import { options } from "../../support/options.ts";
import { print, printNote } from "../../support/print.ts";
import { createConsoleTerminal } from "../guest/terminal/console-terminal.ts";

interface RecordOptions {
  readonly boot: string;
  readonly size: number;
  readonly machine?: string;
  readonly vnc?: number;
  readonly memory?: number;
}

/** `tinsmith record`. */
export function recordCommand(): Command {
  return new Command("record")
    .description("Install from an ISO by hand, and make an image set that does the same by itself.")
    .argument("<FOLDER>", "folder of the new image set")
    .requiredOption("--boot <ISO>", "ISO to install from")
    .addOption(options.size("size of the disk").default(1))
    .option("--machine <FILE>", "machine definition; that of TinyCore without it")
    .addOption(options.vnc())
    .addOption(options.memory())
    .action(record)
    .addHelpText(
      "after",
      `
In a terminal, the guest's serial console is there to type in; ~. at the beginning of a line leaves it. The window (tinsmith serve)
has it, too, and the screen. The keys of a VNC viewer (--vnc) are not recorded. When the guest has powered off, the folder has the
setup image, a recipe with the install steps, the machine definition, and the recording.

Example:
  $ tinsmith record images/mine --boot mine.iso`,
    );
}

function record(folder: string, { boot, size, machine, vnc: vncPort, memory }: RecordOptions): Promise<void> {
  return runToExit(async (signal) => {
    const target = resolve(folder);
    if (existsSync(target)) throw folderExists(target);
    const iso = await requireBootIso(resolve(boot));
    const machineFile = machine ?? join(installation.images, "tinycore", "machine.json");
    const definition = formatMachine(readMachineFile(resolve(machineFile)));
    const paths = findPaths();
    let session = "";
    mkdirSync(target);
    try {
      writeFileSync(join(target, "machine.json"), definition);
      const plan = makePlan({
        kind: "build",
        output: join(target, defaultArchiveName(basename(target), "setup")),
        source: { kind: "new", machine: join(target, "machine.json"), size },
        bootIso: iso,
        ...{ vncPort, memory },
      });
      const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
      using progress = createProgress({ sharesTerminal: hasTerminal });
      using terminal = hasTerminal ? createConsoleTerminal(paths) : undefined;
      const places = hasTerminal
        ? "here, or in the window (tinsmith serve)"
        : "in the window (tinsmith serve)";
      printNote(`Install ${places}: each line and key is recorded, but not those of a VNC viewer.`);
      await performPlan(plan, {
        ...{ paths, signal },
        onBuildEvent: (event) => {
          if (event.type === "build-started") session = event.session;
          progress.onBuildEvent(event);
          terminal?.onBuildEvent(event);
        },
      });
    } catch (error) {
      // Its recording is in the session's folder, which the error names.
      rmSync(target, { recursive: true, force: true });
      throw error;
    }
    const { recording, recordedSteps } = sessionPaths(paths, session);
    copyFileSync(recording, join(target, "install.cast"));
    const steps = existsSync(recordedSteps) ? readFileSync(recordedSteps, "utf8") : "";
    writeFileSync(join(target, "recipe.yaml"), recipeOf({ iso, size, steps }));
    print(`${target}\n`);
    return exitStatus.success;
  });
}

/** @param made.steps the keys of a recipe that install, as YAML */
function recipeOf({ iso, size, steps }: { iso: string; size: number; steps: string }): string {
  return `${stringify({ iso: { path: iso }, size, machine: "machine.json" })}${steps}`;
}

function folderExists(path: string): AppError {
  return new AppError({
    code: "file-exists",
    message: `${path} already exists`,
    advice: "Choose another name.",
  });
}
