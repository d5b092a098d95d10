import { basename, dirname } from "node:path";
import { z } from "zod";
import { openRegularFile } from "../../files/regular-file.ts";
import type { Argv } from "../../process/run-command.ts";
import { invalidArchive } from "../image-errors.ts";
import { runOnImage, virtualSizeOfRaw } from "./disk-image.ts";
import { checkLayer, qcow2HeaderLimit } from "./qcow2-header.ts";

/** A run of bytes of a disk that a layer decides; all others are those of its backing disk. */
export interface LayerPart {
  readonly start: number;
  readonly length: number;
  /** The place of the bytes in the layer's file; undefined when they are all zeros. */
  readonly offset: number | undefined;
}

/** An element of `qemu-img map --output=json`. */
const mappedSchema = z.array(
  z.object({
    start: z.number(),
    length: z.number(),
    present: z.boolean(),
    zero: z.boolean(),
    compressed: z.boolean().default(false),
    offset: z.number().optional(),
  }),
);

/**
 * Finds out which bytes of its disk a layer decides, in ascending order. No other file than the layer is opened, whatever it
 * says: a guest that has broken out of QEMU may have written it.
 *
 * @param diskSize bytes of the backing disk
 * @throws AppError `invalid-archive` for a layer that QEMU has not written so; `command-failed` while a virtual machine has
 *   it open
 */
export async function mapLayer(
  path: string,
  diskSize: number,
  signal?: AbortSignal,
): Promise<readonly LayerPart[]> {
  checkLayer(await readStart(path), virtualSizeOfRaw(diskSize));
  const image = { driver: "qcow2", file: { driver: "file", filename: path }, backing: null };
  const argv: Argv = ["qemu-img", "map", "--output=json", `json:${JSON.stringify(image)}`];
  const where = { folder: dirname(path), name: basename(path), signal };
  const mapped = mappedSchema.parse(JSON.parse(await runOnImage(argv, where, (error) => error)));
  return mapped.filter(({ present }) => present).map(partOf);
}

function partOf({
  start,
  length,
  zero,
  compressed,
  offset,
}: z.output<typeof mappedSchema>[number]): LayerPart {
  if (zero) return { start, length, offset: undefined };
  if (!compressed && offset !== undefined) return { start, length, offset };
  throw invalidArchive("layer.qcow2: it has data that QEMU compresses, which no guest writes");
}

async function readStart(path: string): Promise<Buffer> {
  await using file = await openRegularFile(path);
  const start = Buffer.alloc(qcow2HeaderLimit);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  return start.subarray(0, bytesRead);
}
