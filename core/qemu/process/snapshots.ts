import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { freeBytes } from "../../files/free-space.ts";
import { runCommand } from "../../process/run-command.ts";
import { diskNode } from "../arguments/block-arguments.ts";
import type { QmpClient } from "./qmp-client.ts";

/** A moment of a virtual machine: its disk is kept in the disk's layer, its memory and devices in a file of their own. */
export interface Snapshot {
  /** QEMU's name for it. */
  readonly tag: string;
  readonly memoryFile: string;
}

/** Between two looks at how far QEMU is. Milliseconds. */
const lookInterval = 10;
/** Bytes. A disk with less is full: QEMU writes more at a time. */
const fullBelow = 4 * 1024 ** 2;
/** Bytes, which QEMU never uses: it writes memory behind the disk of this size. */
const emptyDisk = "64K";
const job = z.object({ id: z.string(), status: z.string(), error: z.string().optional() });

/**
 * Keeps the moment of a paused virtual machine. The file of its memory is made here, for this user's eyes only.
 *
 * @throws AppError `no-space` when the host's disk is full, `qemu-failed` when a device can't be saved: then nothing is left
 *   of it, and the virtual machine is as it was
 */
export async function saveSnapshot(qmp: QmpClient, snapshot: Snapshot): Promise<void> {
  await writeFile(snapshot.memoryFile, "", { flag: "wx", mode: 0o600 });
  await runCommand(["qemu-img", "create", "-q", "-f", "qcow2", snapshot.memoryFile, emptyDisk]);
  await attachMemory(qmp, snapshot);
  try {
    await runJob(qmp, "snapshot-save", stateOf(snapshot));
  } catch (error) {
    await qmp.execute("blockdev-del", { "node-name": snapshot.tag });
    // QEMU says only that it can't write.
    if ((await freeBytes(snapshot.memoryFile)) < fullBelow) throw noSpace(snapshot);
    throw error;
  }
}

/**
 * Attaches the memory of a moment that another QEMU has kept, whose layer this one has. It is to be loaded then.
 *
 * @throws AppError `qemu-failed`
 */
export async function attachMemory(qmp: QmpClient, { tag, memoryFile }: Snapshot): Promise<void> {
  const file = { driver: "file", filename: memoryFile };
  const cache = { "no-flush": true };
  await qmp.execute("blockdev-add", { driver: "qcow2", "node-name": tag, file, cache });
}

/** Restores that moment; the virtual machine is paused. @throws AppError `qemu-failed`: then it is in no moment any more */
export async function loadSnapshot(qmp: QmpClient, snapshot: Snapshot): Promise<void> {
  await runJob(qmp, "snapshot-load", stateOf(snapshot));
}

/** Frees the space in the disk's layer, and releases the file. */
export async function deleteSnapshot(qmp: QmpClient, { tag }: Snapshot): Promise<void> {
  await runJob(qmp, "snapshot-delete", { tag, devices: [diskNode] });
  await qmp.execute("blockdev-del", { "node-name": tag });
}

/** Frees the space of a snapshot in the layer of a virtual machine that has ended, and the file. */
export async function dropSnapshot({ tag, memoryFile }: Snapshot, layer: string): Promise<void> {
  rmSync(memoryFile, { force: true });
  // The disk below it may be elsewhere than the layer says, and isn't needed.
  const image = { driver: "qcow2", backing: null, file: { driver: "file", filename: layer } };
  await runCommand(["qemu-img", "snapshot", "-d", tag, `json:${JSON.stringify(image)}`]);
}

function stateOf({ tag }: Snapshot) {
  return { tag, vmstate: tag, devices: [diskNode, tag] };
}

/** @throws AppError `qemu-failed` */
async function runJob(qmp: QmpClient, command: string, options: object): Promise<void> {
  const id = randomUUID();
  await qmp.execute(command, { "job-id": `job-${id}`, ...options });
  for (;;) {
    const jobs = z.array(job).parse(await qmp.execute("query-jobs"));
    const mine = jobs.find((one) => one.id === `job-${id}`);
    if (mine?.status === "concluded") {
      await qmp.execute("job-dismiss", { id: `job-${id}` });
      if (mine.error !== undefined) throw failed(mine.error);
      return;
    }
    await delay(lookInterval);
  }
}

function noSpace({ memoryFile }: Snapshot): AppError {
  return new AppError({
    code: "no-space",
    message: `there is no space left for its memory in ${dirname(memoryFile)}`,
    advice: "Free some space there, then try again. The virtual machine runs on.",
  });
}

function failed(problem: string): AppError {
  return new AppError({ code: "qemu-failed", message: `QEMU could not do it: ${problem}` });
}
