import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { digestText } from "../files/digest.ts";
import { programFile } from "../process/program-file.ts";
import type { Argv } from "../process/run-command.ts";
import { askQemu } from "../qemu/hardware/capabilities.ts";

/**
 * The moments of a guest's boot at which its state is saved: `data-cd`, when a setup image waits for the data CD;
 * `guest-tools`, when the guest tools of a worker image are about to make their first request.
 */
export type StateMoment = "data-cd" | "guest-tools";

/** Rises when states that an older Tinsmith has saved must not be restored any more. */
const stateFormat = 1;

/** The circumstances in which a state can be restored. */
export interface StateOrigin {
  readonly moment: StateMoment;
  /** SHA-256 of the image's archive, in hexadecimal. */
  readonly digest: string;
  /** The command of a virtual machine that is restorable; see `VmCommandOptions`. */
  readonly command: Argv;
}

/**
 * The key of a saved state in the cache: everything that decides whether a virtual machine can continue from it. In other
 * circumstances the key is another one, so that such a state is not found.
 */
export async function stateKey({ moment, digest, command }: StateOrigin): Promise<string> {
  const { version, program } = await askQemu();
  const hardware = hardwareArguments(command);
  const usesKvm = hardware.some((argument) => argument.startsWith("accel accel=kvm"));
  const origin = {
    format: stateFormat,
    ...{ moment, digest, hardware },
    qemu: { version, program: await programFile(program) },
    host: usesKvm ? await describeProcessor() : undefined,
  };
  return digestText(JSON.stringify(origin)).slice(0, keyLength);
}

/** Letters of a SHA-256 that leave no chance of two equal ones. */
const keyLength = 40;

/** The options of QEMU that decide about a virtual machine's hardware and its state. */
const hardwareOptions: readonly string[] = [
  ...["-machine", "-accel", "-cpu", "-smp", "-m", "-boot", "-rtc", "-uuid", "-object", "-device", "-netdev"],
  ...["-kernel", "-initrd", "-append"],
];

/** QEMU's arguments without those that differ from session to session: paths of sockets and files, ports and names. */
export function hardwareArguments(command: Argv): readonly string[] {
  return command.flatMap((value, index) => {
    const option = command[index - 1] ?? "";
    return hardwareOptions.includes(option) ? [`${option.slice(1)} ${withoutPlaces(value)}`] : [];
  });
}

/** The relay to the MetaService has the path of a socket, forwarded ports are the host's, and a loaded file is the session's. */
function withoutPlaces(value: string): string {
  return value
    .split(",")
    .filter((part) => !/^(guestfwd|hostfwd|file)=/.test(part))
    .join(",");
}

/** With KVM, the guest sees the host's processor. */
async function describeProcessor(): Promise<readonly string[]> {
  const text = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  const lines = text.split("\n\n")[0]?.split("\n") ?? [];
  const kept = lines.filter((line) =>
    /^(vendor_id|cpu family|model|model name|stepping|microcode|flags)\s*:/.test(line),
  );
  return [release(), ...kept];
}
