import packageJson from "../package.json" with { type: "json" };

const [, , first = "", ...others] = process.argv;
const isVersionOnly = ["--version", "-V"].includes(first) && others.length === 0;
// The version needs none of the program's code.
if (isVersionOnly) process.stdout.write(`${packageJson.version}\n`);
else await import("./program.ts");

import { cacheCommand } from "./commands/cache.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { actionCommand } from "./commands/guest/action.ts";
import { cdCommand } from "./commands/guest/cd.ts";
import { checkpointCommand } from "./commands/guest/checkpoint.ts";
import { getCommand } from "./commands/guest/get.ts";
import { killCommand } from "./commands/guest/kill.ts";
import { lsCommand } from "./commands/guest/ls.ts";
import { powerCommand } from "./commands/guest/power.ts";
import { putCommand } from "./commands/guest/put.ts";
import { replaceToolsCommand } from "./commands/guest/replace-tools.ts";
import { rulesCommand } from "./commands/guest/rules.ts";
import { screenshotCommand } from "./commands/guest/screenshot.ts";
import { shellCommand } from "./commands/guest/shell.ts";
import { buildCommand } from "./commands/images/build.ts";
import { extractCommand } from "./commands/images/extract.ts";
import { inspectCommand } from "./commands/images/inspect.ts";
import { packCommand } from "./commands/images/pack.ts";
import { rebuildCommand } from "./commands/images/rebuild.ts";
import { warmCommand } from "./commands/images/warm.ts";
import { chooseCommand } from "./commands/sessions/choose.ts";
import { howToExport } from "./commands/sessions/export.ts";
import { sessionCommand } from "./commands/sessions/session.ts";
import { sessionsCommand } from "./commands/sessions/sessions.ts";
import { conformanceCommand } from "./commands/tasks/conformance.ts";
import { metaCommand } from "./commands/tasks/meta.ts";
import { runCommand } from "./commands/tasks/run.ts";
import { scenarioCommand } from "./commands/tasks/scenario.ts";
import { watchCommand } from "./commands/tasks/watch.ts";
import { serveCommand } from "./serve/serve.ts";
import { exitStatus } from "./support/exit-status.ts";
import { printMessage, printNote, shortenLines } from "./support/print.ts";
import { refuseUnusableValues } from "./support/refuse-unusable-values.ts";

const program = new Command("tinsmith")
  .description("Build, run and debug the VM images that a CI worker is tested with.")
  .version(packageJson.version)
  .configureHelp({ showGlobalOptions: true });
program
  .addCommand(rebuildCommand())
  .addCommand(buildCommand())
  .addCommand(warmCommand())
  .addCommand(chooseCommand())
  .addCommand(runCommand())
  .addCommand(watchCommand())
  .addCommand(sessionCommand(), { hidden: true })
  .addCommand(sessionsCommand())
  .addCommand(lsCommand())
  .addCommand(getCommand())
  .addCommand(putCommand())
  .addCommand(replaceToolsCommand())
  .addCommand(shellCommand())
  .addCommand(killCommand())
  .addCommand(actionCommand())
  .addCommand(powerCommand())
  .addCommand(checkpointCommand())
  .addCommand(cdCommand())
  .addCommand(screenshotCommand())
  .addCommand(rulesCommand())
  .addCommand(metaCommand())
  .addCommand(scenarioCommand())
  .addCommand(conformanceCommand())
  .addCommand(serveCommand())
  .addCommand(inspectCommand())
  .addCommand(packCommand())
  .addCommand(extractCommand())
  .addCommand(cacheCommand())
  .addCommand(doctorCommand());
refuseUnusableValues(program);
for (const [name, command] of allCommands(program)) configureErrors(name, command);
const paths = findPaths();
installCrashReporter({
  paths,
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

/** A command and those below it, each with the words that start it. */
function allCommands(command: Command, parent = ""): readonly (readonly [name: string, Command])[] {
  const name = `${parent}${command.name()}`;
  return [[name, command], ...command.commands.flatMap((one) => allCommands(one, `${name} `))];
}

/** Commander prints arguments as they are, and ends with status 1 for wrong usage, which here means that a task failed. */
function configureErrors(name: string, command: Command): void {
  const helped = command === program ? `${name} COMMAND` : name;
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
