import { type Machine, maximumMachineBytes, parseMachine } from "../../shared/machine/machine.ts";
import { readTextFile } from "../files/text-file.ts";

/**
 * Reads the machine definition in a file, of any version.
 *
 * @throws AppError `invalid-machine`; the system's error when the file can't be read.
 */
export function readMachineFile(path: string): Machine {
  return parseMachine(
    readTextFile(path, { maximumBytes: maximumMachineBytes, code: "invalid-machine" }),
    path,
  );
}
