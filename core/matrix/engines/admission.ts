import { formatBytes } from "../../../shared/text/format.ts";

/** MiB that a build takes beside the memory of its guest: QEMU's translated code, and the process of the session. */
export const buildOverhead = 256;

/** The needs of a build in one folder. */
export interface DiskCapacity {
  readonly folder: string;
  /** Bytes that the build needs. */
  readonly needed: number;
  /** Bytes that are free, without those that running builds may still take. */
  readonly free: number;
}

/** The capacity of a host for one more build. */
export interface Capacity {
  /** Builds that may run at once, and those that run. */
  readonly jobs: number;
  readonly running: number;
  /** MiB of the guest. */
  readonly memory: number;
  /** MiB that are free, without those that virtual machines were given and have not taken yet. */
  readonly freeMemory: number;
  readonly disks: readonly DiskCapacity[];
}

/** The reason why a build can't start now; undefined if it can. */
export function reasonToWait({ jobs, running, memory, freeMemory, disks }: Capacity): string | undefined {
  if (running >= jobs) return waitsForSlot(jobs);
  const needed = memory + buildOverhead;
  if (needed > freeMemory) return `memory: ${needed} MiB are needed, ${Math.max(0, freeMemory)} MiB are free`;
  const full = disks.find((disk) => disk.needed > disk.free);
  if (!full) return undefined;
  const free = formatBytes(Math.max(0, full.free));
  return `disk space: ${formatBytes(full.needed)} are needed in ${full.folder}, ${free} are free`;
}

/** The reason of a build that waits for the end of another one. */
export function waitsForSlot(jobs: number): string {
  return jobs === 1 ? "the end of the build before it" : `the end of one of ${jobs} builds`;
}
