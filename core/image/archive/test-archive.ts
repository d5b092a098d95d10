import { compress } from "../compression/compression.ts";
import { inPieces, layerBytes, mebibyte, rawEntry, rawTar, readAll, sampleBytes } from "../test-fixtures.ts";

/** The definition in the archive, in a person's own layout. */
export const machineText = '{ "version" : 1,\n\n "memory": 512 }';

/** The entries of the archive. */
export const disk = rawEntry({ name: "disk.img", content: sampleBytes(mebibyte) });
export const layer = rawEntry({ name: "layer.qcow2", content: await layerBytes(mebibyte) });
export const machine = rawEntry({ name: "machine.json", content: machineText });
/** An archive with these entries. */
export const lz4 = async (...entries: Buffer[]) =>
  await readAll(compress(inPieces(rawTar(...entries)), "lz4"));
/** An archive in which nothing is wrong. */
export const good = await lz4(disk, layer, machine);
