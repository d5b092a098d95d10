import { promisify } from "node:util";
import { createGunzip, type Gunzip } from "node:zlib";
import { findRest } from "../archive-rest.ts";
import type { ByteSource } from "../byte-source.ts";
import { damaged, isDamage } from "../damaged.ts";
import { type Following, piecesOf } from "./following.ts";

const magic = "1f8b08";

/** Whether bytes begin gzip data. */
export function isGzip(head: Buffer): boolean {
  return head.toString("hex").startsWith(magic);
}

/** Decompresses gzip data, and more of it after zeros, as Linux does with an initrd. The caller finds other data in `following`. */
export async function* gunzip(source: ByteSource, following: Following): AsyncGenerator<Uint8Array> {
  for (let at: number | undefined = 0; at !== undefined; ) {
    const end: number = at + (yield* gunzipStreams(source, at));
    at = await findRest(source, end, following.notes);
    if (at === undefined || isGzip(await source.read(at, magic.length / 2))) continue;
    following.start = at;
    return;
  }
}

/** Decompresses gzip streams that follow each other without zeros. @returns the bytes that they take */
async function* gunzipStreams(source: ByteSource, start: number): AsyncGenerator<Uint8Array, number> {
  const content = createGunzip({ chunkSize: 256 * 1024 });
  const feeding = feed(content, source, start).catch((error) => void content.destroy(error));
  try {
    yield* content;
    return content.bytesWritten;
  } catch (error) {
    if (isDamage(error)) throw error;
    // zlib names its own errors so; others come from the source.
    if (!(error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))) throw error;
    const isCut = error.code === "Z_BUF_ERROR";
    throw damaged(isCut ? "the gzip data is incomplete" : `the gzip data is damaged: ${error.message}`);
  } finally {
    content.destroy();
    await feeding;
  }
}

/** Writes the bytes of a source to zlib, up to the piece in which it finds the end: it would take what comes after for an error. */
async function feed(content: Gunzip, source: ByteSource, start: number): Promise<void> {
  const write = promisify((piece: Buffer, done: (error?: Error | null) => void) =>
    content.write(piece, done),
  );
  let given = 0;
  for await (const piece of piecesOf(source, start)) {
    await write(piece);
    given += piece.length;
    if (content.bytesWritten < given) return;
  }
  content.end();
}
