import type { FileHandle } from "node:fs/promises";

/** Writes all of the bytes: one write may take only some of them, as on a disk that gets full. */
export async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
