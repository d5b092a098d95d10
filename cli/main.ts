import { Command } from "commander";
import { createSessionList } from "../core/app/session-list.ts";
import { installCrashReporter } from "../core/crash/crash-reporter.ts";
import { leaveParent } from "../core/parent-process.ts";
import { findPaths } from "../core/paths.ts";
import packageJson from "../package.json" with { type: "json" };
import { buildCommand } from "./build.ts";
import { cdCommand } from "./cd.ts";
import { chooseCommand } from "./choose.ts";
import { printNote } from "./context.ts";
import { doctorCommand } from "./doctor.ts";
import { exitStatus } from "./exit-status.ts";
import { howToExport } from "./export.ts";
import { extractCommand } from "./extract.ts";
import { getCommand } from "./get.ts";
import { inspectCommand } from "./inspect.ts";
import { killCommand } from "./kill.ts";
import { lsCommand } from "./ls.ts";
import { metaCommand } from "./meta.ts";
import { packCommand } from "./pack.ts";
import { powerCommand } from "./power.ts";
import { rebuildCommand } from "./rebuild.ts";
import { runCommand } from "./run.ts";
import { screenshotCommand } from "./screenshot.ts";
import { serveCommand } from "./serve.ts";
import { sessionsCommand } from "./sessions.ts";
import { shellCommand } from "./shell.ts";

const program = new Command("tinsmith")
  .description("Author, rebuild and debug the VM images that a CI worker is tested with.")
  .version(packageJson.version)
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError("(tinsmith COMMAND --help shows what it takes)");
program
  .addCommand(rebuildCommand())
  .addCommand(buildCommand())
  .addCommand(chooseCommand())
  .addCommand(runCommand())
  .addCommand(sessionsCommand())
  .addCommand(lsCommand())
  .addCommand(getCommand())
  .addCommand(shellCommand())
  .addCommand(killCommand())
  .addCommand(powerCommand())
  .addCommand(cdCommand())
  .addCommand(screenshotCommand())
  .addCommand(metaCommand())
  .addCommand(serveCommand())
  .addCommand(inspectCommand())
  .addCommand(packCommand())
  .addCommand(extractCommand())
  .addCommand(doctorCommand());
exitOnUsageError(program);
const paths = findPaths();
installCrashReporter({
  paths,
  version: packageJson.version,
  program: `tinsmith ${process.argv[2] ?? ""}`.trim(),
  listSessions: createSessionList(paths),
  onReport: ({ id, path }) => printNote(`A report of this is in ${path}. ${howToExport(id)}`),
});
// Told so because within Electron it would take the arguments for those of an app.
await program.parseAsync(process.argv, { from: "node" });
leaveParent();

/** Commander ends with status 1 when the command line is wrong, which here means that a task failed. */
function exitOnUsageError(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? exitStatus.success : exitStatus.usage));
  for (const child of command.commands) exitOnUsageError(child);
}
