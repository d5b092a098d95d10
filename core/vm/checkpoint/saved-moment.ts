import type { TaskProgress } from "../../metaservice/actions/task-progress.ts";
import { attachMemory, loadSnapshot, type Snapshot } from "../../qemu/process/snapshots.ts";
import { breakConnections, type GuestConnection } from "../../qemu/process/stale-connections.ts";
import type { VirtualMachine } from "../../qemu/process/virtual-machine.ts";

/** A moment that an earlier virtual machine has kept in the layer of its disk, and in a file. */
export interface SavedMoment extends Snapshot {
  /** See `VmCommandOptions`. */
  readonly isRestorable?: boolean;
  /** The guest's connections, of which nothing is left on the host. */
  readonly connections?: readonly GuestConnection[];
  /** Its progress with the task. */
  readonly progress?: Readonly<TaskProgress>;
  /** Milliseconds since the epoch. */
  readonly saved: number;
  /** The hardware that it had: see `hardwareArguments`. */
  readonly hardware: readonly string[];
}

/** Keeps a moment of a virtual machine. @param copy copies its memory and its disk's layer into new files */
export type KeepMoment = (
  moment: Required<Omit<SavedMoment, "memoryFile">> & { readonly name: string },
  copy: CopyFiles,
) => Promise<KeptCopy>;

/** Copies the memory and the layer of the disk into new files. */
export type CopyFiles = (files: { readonly memory: string; readonly layer: string }) => Promise<void>;

/** The copy of a moment that is kept. */
export interface KeptCopy {
  /** Its folder, which a person may delete. */
  readonly folder: string;
  /** Notes for the person who asked for it. */
  readonly notes: readonly string[];
}

/** Loads a moment into a virtual machine that has not run, and ends the connections that it had. */
export async function continueFrom(
  qmp: VirtualMachine["qmp"],
  moment: SavedMoment,
  network: Parameters<typeof breakConnections>[2],
): Promise<void> {
  await attachMemory(qmp, moment);
  await loadSnapshot(qmp, moment);
  await breakConnections(qmp, moment.connections ?? [], network);
}
