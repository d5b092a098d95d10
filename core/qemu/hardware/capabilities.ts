import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../process/run-command.ts";
import { qemuProgram } from "./qemu-program.ts";
import { findSandbox } from "./sandbox.ts";

/** The capabilities that the QEMU at hand reports. */
export interface QemuCapabilities {
  /** The program as requested: a name to be found on the PATH, or a path. */
  readonly program: string;
  /** With the distribution's own, as in `7.2.22 (Debian 1:7.2+dfsg-7)`. */
  readonly version: string;
  readonly machineTypes: readonly string[];
  readonly accelerators: readonly string[];
  readonly devices: readonly string[];
  readonly keymaps: readonly string[];
  /** The folders in which it looks for its data. */
  readonly dataFolders: readonly string[];
  /** The value of its option `-sandbox`, where that works. */
  readonly sandbox?: string | undefined;
}

const answers = new Map<string, Promise<QemuCapabilities>>();

/**
 * Asks QEMU for its capabilities. An answer is kept as long as this process lives; a failure is not.
 *
 * @param ask finds an answer that is not kept
 * @throws AppError `missing-tool` without QEMU, `command-failed` when it doesn't run
 */
export function askQemu(program = qemuProgram(), ask = askQemuAnew): Promise<QemuCapabilities> {
  const known = answers.get(program);
  if (known !== undefined) return known;
  const answer = ask(program);
  answers.set(program, answer);
  answer.catch(() => answers.delete(program));
  return answer;
}

/** Asks QEMU, whatever it has answered before. @throws AppError as `askQemu` */
export async function askQemuAnew(program: string): Promise<QemuCapabilities> {
  const [version, machines, accelerators, devices, folders, sandbox] = await Promise.all([
    runCommand([program, "--version"]),
    runCommand([program, "-machine", "help"]),
    runCommand([program, "-accel", "help"]),
    runCommand([program, "-device", "help"]),
    runCommand([program, "-L", "help"]),
    findSandbox(program),
  ]);
  const dataFolders = folders.split("\n");
  return {
    program,
    version: parseVersion(version),
    machineTypes: parseMachineTypes(machines),
    accelerators: parseAccelerators(accelerators),
    devices: parseDevices(devices),
    ...{ dataFolders, sandbox },
    keymaps: await listKeymaps(dataFolders),
  };
}

/** `QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7)` and a copyright. */
export function parseVersion(text: string): string {
  return /version (.+)/.exec(text)?.[1]?.trim() ?? "of an unknown version";
}

/** A heading, then lines such as `pc-i440fx-7.2        Standard PC (i440FX + PIIX, 1996) (default)`. */
export function parseMachineTypes(text: string): string[] {
  return [...text.matchAll(/^(\S+) {2,}\S/gm)].flatMap((match) => match[1] ?? []);
}

/** A heading, then one name a line. */
export function parseAccelerators(text: string): string[] {
  return [...text.matchAll(/^(\w+)$/gm)].flatMap((match) => match[1] ?? []);
}

/** Lines such as `name "virtio-blk-pci", bus PCI, alias "virtio-blk"`, below headings. */
export function parseDevices(text: string): string[] {
  return [...text.matchAll(/^name "([^"]+)"/gm)].flatMap((match) => match[1] ?? []);
}

/** The keymaps, which are files in one of QEMU's data folders. */
export async function listKeymaps(folders: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(folders.map((folder) => readdir(join(folder, "keymaps")).catch(() => [])));
  return lists.flat();
}
