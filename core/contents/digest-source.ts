import { createHash } from "node:crypto";
import type { ByteSource } from "../file-systems/byte-source.ts";
import { isZero } from "../image/disk/zeros.ts";
import { readAll } from "./read-all.ts";
import { extendLimit } from "./tree/work-limit.ts";

/** The SHA-256 of all bytes of a source, in hexadecimal. */
export async function digestSource(source: ByteSource): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of readAll(source)) hash.update(piece);
  return hash.digest("hex");
}

/** Bytes that are looked at together: they count if one of them is not zero. */
const pieceBytes = 1024 * 1024;

/**
 * A digest of a disk or a partition, which tells contents of one size apart as a SHA-256 does. It is made of the pieces that are
 * not all zeros, with their places: a new disk of many GiB takes no time, however its zeros are stored.
 */
export async function digestDisk(source: ByteSource): Promise<string> {
  const hash = createHash("sha256").update(`${source.size}`);
  const next = (offset: number) => source.nextData?.(offset) ?? offset;
  for (let at = next(0); at < source.size; at = next(at)) {
    at -= at % pieceBytes;
    const piece = await source.read(at, Math.min(pieceBytes, source.size - at));
    if (piece.length === 0) break;
    if (!isZero(piece)) hash.update(` ${at}:`).update(piece);
    at += piece.length;
    extendLimit();
  }
  return hash.digest("hex");
}
