import { importDisk } from "../../image/archive/import-disk.ts";
import type { Paths } from "../../storage/paths.ts";
import { type PackedImage, packImage } from "./pack-image.ts";

interface ImportImageOptions {
  /** The path of a disk: raw, qcow2, VMDK or VDI. */
  readonly disk: string;
  /** The path of a machine definition; without it, the usual one. */
  readonly machine?: string | undefined;
  /** The archive to write, which is a new file: from `findOutput`. */
  readonly target: string;
  readonly paths: Paths;
  readonly signal: AbortSignal;
  readonly onNote: (text: string) => void;
  /** Of packing, which begins when the disk has been read. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Makes an image archive, with its manifest, of a disk of another program. @throws AppError as `importDisk` */
export async function importImage({
  paths,
  onProgress,
  ...options
}: ImportImageOptions): Promise<PackedImage> {
  const { signal, onNote } = options;
  return await importDisk({
    ...options,
    pack: (packed) => packImage({ ...packed, paths, signal, onNote, onProgress, facts: { kind: "import" } }),
  });
}
