import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type BuildSource, spaceNeeds } from "../../builder/build-source.ts";
import { existingFolder } from "../../files/folders.ts";
import { freeBytes, type SpaceNeed } from "../../files/free-space.ts";
import { readPlannedSet } from "../../image-set/planned-set.ts";
import { ownProcessesNaming } from "../../process/own-processes.ts";
import { committedMemory } from "../../qemu/hardware/committed-memory.ts";
import { type Paths, sessionPaths } from "../../storage/paths.ts";
import type { ImageUnit } from "../units.ts";
import type { DiskCapacity } from "./admission.ts";

const mebibyte = 1024 ** 2;
/** MiB that stay free for the rest of the host. */
const reservedMemory = 256;

/** A build that runs, as far as it needs memory. */
export interface RunningBuild {
  readonly memory: number;
  /** Undefined while its session begins. */
  readonly session?: string | undefined;
  /** Whether its virtual machine has ended. */
  readonly isPacking: boolean;
}

/** MiB that a further guest can get: a build whose virtual machine has not started yet needs its memory soon. */
export function freeGuestMemory(paths: Paths, running: readonly RunningBuild[]): number {
  const available = Math.floor(process.availableMemory() / mebibyte);
  const starting = running.filter((build) => !build.isPacking && !hasVirtualMachine(paths, build));
  const promised = starting.reduce((sum, { memory }) => sum + memory, 0);
  return available - reservedMemory - committedMemory(paths.sockets) - promised;
}

function hasVirtualMachine(paths: Paths, { session }: RunningBuild): boolean {
  if (session === undefined) return false;
  return ownProcessesNaming(`${sessionPaths(paths, session).socketFolder}/`).length > 0;
}

/** The space that the build of a unit needs. */
export async function spaceOfUnit({ plan, output }: ImageUnit, paths: Paths): Promise<readonly SpaceNeed[]> {
  const { folder, recipe, setupImage } = readPlannedSet(plan);
  const source: BuildSource =
    plan.image === "setup"
      ? {
          kind: "new",
          machineFile: plan.machine ?? resolve(folder, recipe.machine),
          sizeGib: plan.size ?? recipe.size,
        }
      : { kind: "image", archive: setupImage, sizeGib: recipe.workerSize };
  return await spaceNeeds(source, output, paths);
}

/** The capacity of each disk that a build needs. @param running the needs of the builds that run, which may not have taken it yet */
export async function capacityOfDisks(
  needs: readonly SpaceNeed[],
  running: readonly SpaceNeed[],
): Promise<readonly DiskCapacity[]> {
  const promised = await sumByDevice(running);
  const wanted = await sumByDevice(needs);
  return await Promise.all(
    [...wanted].map(async ([device, { folder, bytes }]) => ({
      ...{ folder, needed: bytes },
      free: (await freeBytes(folder)) - (promised.get(device)?.bytes ?? 0),
    })),
  );
}

async function sumByDevice(needs: readonly SpaceNeed[]): Promise<ReadonlyMap<number, SpaceNeed>> {
  const totals = new Map<number, SpaceNeed>();
  for (const { folder, bytes } of needs) {
    const existing = existingFolder(folder);
    const { dev } = await stat(existing);
    const before = totals.get(dev);
    totals.set(dev, { folder: before?.folder ?? existing, bytes: bytes + (before?.bytes ?? 0) });
  }
  return totals;
}
