import type { IsoFacts } from "../../shared/library/iso-facts.ts";
import { formatBytes } from "../../shared/text/format.ts";
import type { Volume } from "../file-systems/iso/volume.ts";
import { findBootEntries } from "./boot/boot-entries.ts";
import { findDistribution } from "./distributions.ts";
import { findBoots } from "./file-system/boot-catalog.ts";
import { openIsoFile } from "./file-system/iso-file.ts";
import { createIsoTree } from "./file-system/iso-tree.ts";
import { requireVolume } from "./file-system/require-volume.ts";

/**
 * Finds out all that can be known of an ISO without booting it. Only its descriptors, some folders, the configurations of
 * its boot loaders and the beginnings of its kernels are read.
 *
 * @throws AppError `usage` if it is not an ISO; as `openRegularFile`
 */
export async function describeIso(path: string): Promise<IsoFacts> {
  await using file = await openIsoFile(path);
  const volume = await requireVolume(file);
  const tree = await createIsoTree(file, volume);
  const boots = await findBoots(file, volume);
  const distribution = await findDistribution(volume, tree);
  const { label, systemId, applicationId } = volume;
  return {
    ...{ label, systemId, applicationId, boots },
    size: file.size ?? volume.size,
    ...(distribution && { distribution }),
    entries: [...(await findBootEntries(file, tree))],
    notes: [...truncation(file.size, volume), ...bootProblem(boots)],
  };
}

function truncation(size: number | undefined, volume: Volume): readonly string[] {
  if (size === undefined || size >= volume.size) return [];
  return [
    `The file is truncated: it has ${formatBytes(size)} of ${formatBytes(volume.size)}. Download or copy the ISO again.`,
  ];
}

function bootProblem({ bios, uefi }: IsoFacts["boots"]): readonly string[] {
  if (bios) return [];
  return [
    uefi
      ? "The ISO boots with UEFI only, and Tinsmith's VMs have a BIOS. Choose a kernel of the ISO, if it has one."
      : "The ISO does not boot as a CD. Choose a kernel of the ISO, if it has one, or another ISO.",
  ];
}
