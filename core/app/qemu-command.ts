import { join } from "node:path";
import type { CommandLine } from "../../shared/app/qemu-command.ts";
import { parseMachine } from "../../shared/machine/machine.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";
import { vmCommand } from "../vm/vm-command.ts";

/** The placeholder for a session's id in a command that nobody runs. */
const session = "SESSION";

/**
 * The command by which a run starts a machine on this host.
 *
 * @param text a machine definition, of any version.
 * @throws AppError `invalid-machine`, or what the host lacks.
 */
export async function describeCommandLine(paths: Paths, text: string): Promise<CommandLine> {
  const machine = parseMachine(text);
  const files = sessionPaths(paths, session);
  const image = join(files.working, "image");
  const disk = { layer: join(image, "layer.qcow2"), backing: join(image, "disk.img") };
  const { command, notes } = await vmCommand({ paths, name: session, files, machine, disk });
  const [program, ...args] = command;
  return { program, args, notes: [...notes] };
}
