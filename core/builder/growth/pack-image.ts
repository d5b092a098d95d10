import { join } from "node:path";
import type { ImageGrowth } from "../../../shared/contents/growth.ts";
import type { PackedArchive } from "../../../shared/library/image-archive.ts";
import { type PackOptions, packArchive } from "../../image/archive/pack-archive.ts";
import type { Paths } from "../../storage/paths.ts";
import { beginGrowth } from "./image-growth.ts";

interface PackImageOptions extends PackOptions {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
}

/** An archive, and how its files differ from those of the archive before it. */
export interface PackedImage {
  readonly archive: PackedArchive;
  readonly growth?: ImageGrowth | undefined;
}

/** Packs a disk as `packArchive` does, and meanwhile lists its files. @throws AppError as `packArchive` */
export async function packImage({ paths, ...options }: PackImageOptions): Promise<PackedImage> {
  const { folder, backing, signal, onNote } = options;
  const disk = backing ? { layer: join(folder, "layer.qcow2"), backing } : { path: join(folder, "disk.img") };
  const findGrowth = beginGrowth(disk, { paths, signal, onNote });
  const archive = await packArchive(options);
  return { archive, growth: await findGrowth(archive) };
}
