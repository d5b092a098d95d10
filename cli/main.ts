import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { buildCommand } from "./build.ts";
import { doctorCommand } from "./doctor.ts";
import { exitStatus } from "./exit-status.ts";
import { extractCommand } from "./extract.ts";
import { inspectCommand } from "./inspect.ts";
import { packCommand } from "./pack.ts";
import { rebuildCommand } from "./rebuild.ts";
import { runCommand } from "./run.ts";

const program = new Command("tinsmith")
  .description("Author, rebuild and debug the VM images that a CI worker is tested with.")
  .version(packageJson.version)
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError("(tinsmith COMMAND --help shows what it takes)");
program
  .addCommand(rebuildCommand())
  .addCommand(buildCommand())
  .addCommand(runCommand())
  .addCommand(inspectCommand())
  .addCommand(packCommand())
  .addCommand(extractCommand())
  .addCommand(doctorCommand());
exitOnUsageError(program);
await program.parseAsync();

/** Commander ends with status 1 when the command line is wrong, which here means that a task failed. */
function exitOnUsageError(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? exitStatus.success : exitStatus.usage));
  for (const child of command.commands) exitOnUsageError(child);
}
