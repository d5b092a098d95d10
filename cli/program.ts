import { Command } from "commander";
import { installCrashReporter, throwRejections } from "../core/crash/crash-reporter.ts";
import { leaveParent } from "../core/process/parent-process.ts";
import { findPaths } from "../core/storage/paths.ts";
import packageJson from "../package.json" with { type: "json" };
import { howToExport } from "./commands/sessions/how-to-export.ts";
import { commands, hiddenCommands } from "./commands.ts";
import { refuseUnusableValues } from "./refuse-unusable-values.ts";
import { exitStatus } from "./support/exit-status.ts";
import { printMessage, printNote, shortenLines } from "./support/print.ts";

/** Runs the command that the arguments of this process name. */
export async function runProgram(): Promise<void> {
  const program = await makeProgram();
  installCrashReporter({
    paths: findPaths(),
    version: packageJson.version,
    program: `tinsmith ${process.argv[2] ?? ""}`.trim(),
    onReport: ({ id, path, report: { error, outcome } }) => {
      const what =
        outcome === "continued" ? `An unexpected error. Builds and runs continue: ${error.message}. ` : "";
      printNote(`${what}The report is in ${path}. ${howToExport(id)}`);
    },
  });
  throwRejections();
  // Told so because within Electron it would take the arguments for those of an app.
  await program.parseAsync(process.argv, { from: "node" });
  await leaveParent();
}

/** With the one command that is used, or all of them. */
async function makeProgram(): Promise<Command> {
  const program = new Command("tinsmith")
    .description("Build, run and debug the VM images that a CI worker is tested with.")
    .version(packageJson.version)
    .configureHelp({ showGlobalOptions: true });
  const [, , first = ""] = process.argv;
  const all = { ...commands, ...hiddenCommands };
  const make = Object.hasOwn(all, first) ? all[first] : undefined;
  if (make) program.addCommand(await make());
  else for (const one of Object.values(commands)) program.addCommand(await one());
  refuseUnusableValues(program);
  for (const [name, command] of allCommands(program)) configureErrors(name, command);
  return program;
}

/** A command and those below it, each with the words that start it. */
function allCommands(command: Command, parent = ""): readonly (readonly [name: string, Command])[] {
  const name = `${parent}${command.name()}`;
  return [[name, command], ...command.commands.flatMap((one) => allCommands(one, `${name} `))];
}

/** Commander prints arguments as they are, and ends with status 1 for wrong usage, which here means that a task failed. */
function configureErrors(name: string, command: Command): void {
  const helped = command.parent ? name : `${name} COMMAND`;
  command
    .showHelpAfterError(`(${helped} --help shows what it takes)`)
    .configureOutput({ writeErr: (text) => printMessage(shortenLines(text)) })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? exitStatus.success : usageStatus()));
}

function usageStatus(): number {
  const separator = process.argv.indexOf("--");
  const options = separator < 0 ? process.argv : process.argv.slice(0, separator);
  return options.includes("--exit-status") ? exitStatus.notTheTask : exitStatus.usage;
}
