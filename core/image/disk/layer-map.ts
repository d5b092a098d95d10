import { basename, dirname } from "node:path";
import { z } from "zod";
import type { Argv } from "../../process/run-command.ts";
import { invalidArchive } from "../image-errors.ts";
import { runOnImage } from "./disk-image.ts";

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
 * @param path of a layer whose header was checked
 * @param refuseCompressed makes the error about data that is compressed, which no guest writes
 * @throws AppError `invalid-archive` for a layer that QEMU has not written so; `command-failed` while a virtual machine has
 *   it open
 */
export async function mapLayer(
  path: string,
  signal?: AbortSignal,
  refuseCompressed: () => Error = compressedLayer,
): Promise<readonly LayerPart[]> {
  const image = { driver: "qcow2", file: { driver: "file", filename: path }, backing: null };
  const argv: Argv = ["qemu-img", "map", "--output=json", `json:${JSON.stringify(image)}`];
  const where = { folder: dirname(path), name: basename(path), signal };
  const mapped = mappedSchema.parse(JSON.parse(await runOnImage(argv, where, (error) => error)));
  return mapped
    .filter(({ present }) => present)
    .map(({ start, length, zero, compressed, offset }) => {
      if (zero) return { start, length, offset: undefined };
      if (!compressed && offset !== undefined) return { start, length, offset };
      throw refuseCompressed();
    });
}

function compressedLayer(): Error {
  return invalidArchive("layer.qcow2: it has data that QEMU compresses, which no guest writes");
}
