import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packArchive } from "../../core/image/archive/pack-archive.ts";
import { createDisk } from "../../core/image/disk/disk-image.ts";
import { formatMachine, parseMachine } from "../../shared/machine/machine.ts";

/** Writes an image archive with an empty disk, for a machine with 512 MiB. */
export async function writeSampleArchive(path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ui-image-"));
  try {
    const machine = parseMachine('{"version": 1, "memory": 512}', "machine.json");
    writeFileSync(join(folder, "machine.json"), formatMachine(machine));
    await createDisk(join(folder, "disk.img"), 1);
    await packArchive({ folder, target: path });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
