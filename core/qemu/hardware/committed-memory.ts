import { ownProcessesNaming, residentBytes } from "../../process/own-processes.ts";

const mebibyte = 1024 ** 2;

/**
 * MiB that virtual machines which run already were given and have not taken yet: a guest takes its memory bit by bit,
 * so that the host still counts it as free.
 *
 * @param sockets the folder below which all of them have their sockets
 */
export function committedMemory(sockets: string): number {
  const open = ownProcessesNaming(`${sockets}/`).map(({ id, command }) =>
    Math.max(0, givenMemory(command) - residentBytes(id) / mebibyte),
  );
  return Math.round(open.reduce((sum, one) => sum + one, 0));
}

/** MiB that a command gives to a virtual machine; 0 when it does not start one. See args.ts. */
function givenMemory(command: readonly string[]): number {
  const [, size = "0"] = /^size=(\d+)M$/.exec(command[command.indexOf("-m") + 1] ?? "") ?? [];
  return Number(size);
}
