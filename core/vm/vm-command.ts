import { AppError } from "../../shared/errors/errors.ts";
import type { Machine } from "../../shared/machine/machine.ts";
import type { PortForward } from "../../shared/session/port-forward.ts";
import { formatBytes } from "../../shared/text/format.ts";
import type { IsoKernel } from "../iso/boot/iso-kernel.ts";
import { findRelay } from "../metaservice/http/guest-network.ts";
import { requireFreePort } from "../process/port-owner.ts";
import type { Argv } from "../process/run-command.ts";
import { type CdDriveId, withCdDrive } from "../qemu/arguments/block-arguments.ts";
import {
  type CdRoms,
  type Disk,
  freshnessDevices,
  type GuestNetwork,
  type KernelBoot,
  qemuArguments,
} from "../qemu/arguments/qemu-arguments.ts";
import { hostResources } from "../qemu/arguments/resources.ts";
import { committedMemory } from "../qemu/hardware/committed-memory.ts";
import { findQemu } from "../qemu/hardware/known-qemu.ts";
import type { Paths, SessionPaths } from "../storage/paths.ts";
import { findPlatform } from "./platform.ts";

/** The options that a person may choose for any virtual machine. */
export interface HostOptions {
  /** MiB; by default the machine definition's. */
  readonly memory?: number | undefined;
  /** Lets the guest reach the internet, and with it services on the host's loopback. */
  readonly internet?: boolean | undefined;
  /** Ports of localhost that lead to ports of the guest. */
  readonly forward?: readonly PortForward[] | undefined;
  /** A port of localhost on which VNC viewers see the screen. */
  readonly vncPort?: number | undefined;
  /** Boots a kernel file in place of the disk's. */
  readonly kernel?: KernelBoot | undefined;
}

export interface VmCommandOptions extends HostOptions {
  readonly paths: Paths;
  /** Shown in window titles and QEMU's own messages. */
  readonly name: string;
  /** The paths of the session that the virtual machine belongs to. */
  readonly files: SessionPaths;
  readonly machine: Machine;
  readonly disk: Disk;
  readonly cdRoms?: CdRoms | undefined;
  /** Whether its state is saved, or was: it gets devices that make each restored guest differ from the others. */
  readonly isRestorable?: boolean | undefined;
}

/** The command that starts a virtual machine on this host. */
export interface VmCommand {
  readonly command: Argv;
  /** The drive that CDs are put into while it runs. */
  readonly cdDrive: CdDriveId;
  readonly network: GuestNetwork;
  /** Bytes of the guest's memory. */
  readonly memory: number;
  /** The layout of its keyboard. */
  readonly keyboardLayout: string;
  /** Notes for the person about how the machine runs on this host, a sentence each. */
  readonly notes: readonly string[];
  /** The reason why the machine is emulated, as a sentence, if it is: it depends on this host alone. */
  readonly emulation: string | undefined;
}

/**
 * Finds out how a machine runs on this host.
 *
 * @throws AppError when the host lacks something.
 */
export async function vmCommand(options: VmCommandOptions): Promise<VmCommand> {
  const { paths, files, machine, internet = false, forward = [] } = options;
  for (const { host } of forward) await requireFreePort(host);
  const [platform, relay, resources, { devices, sandbox }] = await Promise.all([
    findPlatform(machine, paths.cache),
    findRelay(),
    hostResources(machine, { wanted: options.memory, promised: committedMemory(paths.sockets) }),
    findQemu(paths.cache),
  ]);
  const { cdRoms, cdDrive } = withCdDrive(options.cdRoms);
  if (cdRoms.bootKernel) requireMemory(cdRoms.bootKernel, resources.memory * 1024 ** 2);
  const network = { metaServiceSocket: files.metaServiceSocket, relay, internet, forward };
  const args = qemuArguments({
    name: options.name,
    machine: platform.machine,
    resources,
    platform: platform.platform,
    sockets: { qmp: files.qmpSocket, serial: files.serialSocket, vnc: files.vncSocket },
    disk: options.disk,
    cdRoms,
    network,
    vncPort: options.vncPort,
    kernel: options.kernel,
    sandbox,
    ...(options.isRestorable && {
      freshness: freshnessDevices.filter((device) => devices.includes(device)),
    }),
  });
  const notes = [
    ...platform.notes,
    ...(sandbox
      ? []
      : ["QEMU can't be sandboxed on this host: a guest that breaks out of it has this user's rights."]),
    ...(internet ? ["The guest can reach the internet, and the services on this host's loopback."] : []),
    ...forward.map(
      ({ host, guest }) => `127.0.0.1:${host} on this host leads to port ${guest} of the guest.`,
    ),
  ];
  const { keyboardLayout } = platform.machine;
  const { program, emulation } = platform;
  const memory = resources.memory * 1024 ** 2;
  return { command: [program, ...args], cdDrive, network, memory, keyboardLayout, notes, emulation };
}

/** Bytes at the end of the memory that the BIOS uses. */
const biosBytes = 16 * 1024 ** 2;

/** Refuses a memory that has no room for a kernel and its RAM disks. */
function requireMemory({ title, memory }: IsoKernel, given: number): void {
  if (memory + biosBytes <= given) return;
  throw new AppError({
    code: "usage",
    message: `the VM has ${formatBytes(given)} of memory, and the boot entry ${JSON.stringify(title)} needs more than ${formatBytes(memory + biosBytes)}`,
    advice: "Give it more with --memory, or in the machine definition.",
  });
}
