import { createHash } from "node:crypto";
import type { ByteSource } from "../file-systems/byte-source.ts";
import { readAll, readData } from "./read-all.ts";

/** The SHA-256 of all bytes of a source, in hexadecimal. */
export async function digestSource(source: ByteSource): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of readAll(source)) hash.update(piece);
  return hash.digest("hex");
}

/**
 * A digest of a content, which tells contents apart as a SHA-256 does. It is made of the pieces that are not all zeros, with their
 * places: a new disk of many GiB takes no time, however its zeros are stored.
 */
export async function digestData(source: ByteSource): Promise<string> {
  const hash = createHash("sha256").update(`${source.size}`);
  for await (const { position, bytes } of readData(source)) hash.update(` ${position}:`).update(bytes);
  return hash.digest("hex");
}
