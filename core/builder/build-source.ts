import { statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatMachine } from "../../shared/machine/machine.ts";
import { guestGrowth, type SpaceNeed } from "../files/free-space.ts";
import { spaceToOpen } from "../image/archive/open-image.ts";
import { createDisk } from "../image/disk/disk-image.ts";
import { readMachineFile } from "../image/read-machine.ts";
import type { Paths } from "../storage/paths.ts";

/** The source that a build starts from. */
export type BuildSource =
  | { readonly kind: "new"; readonly machineFile: string; readonly sizeGib: number }
  | {
      readonly kind: "image";
      readonly archive: string;
      /** GiB of the disk, at least those of the image's; without it, its size stays. */
      readonly sizeGib?: number | undefined;
    };

/** The space that a build needs, and where. */
export async function spaceNeeds(
  source: BuildSource,
  output: string,
  paths: Paths,
): Promise<readonly SpaceNeed[]> {
  const isNew = source.kind === "new";
  const disk = isNew ? 0 : await spaceToOpen(paths, source.archive);
  const archive = isNew ? 0 : statSync(source.archive).size;
  return [
    { folder: paths.sessions, bytes: disk + guestGrowth },
    { folder: dirname(output), bytes: archive + guestGrowth },
  ];
}

/** The file that a build starts from. */
export function sourceFile(source: BuildSource): string {
  return source.kind === "new" ? source.machineFile : source.archive;
}

/** Writes an image with an empty disk into a folder. */
export async function makeNewImage(source: BuildSource & { kind: "new" }, image: string): Promise<void> {
  const machine = readMachineFile(source.machineFile);
  writeFileSync(join(image, "machine.json"), formatMachine(machine));
  await createDisk(join(image, "disk.img"), source.sizeGib);
}
