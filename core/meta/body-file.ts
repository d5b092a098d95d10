import { appendFile, mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** A file of which no more is written than there is room for. */
export interface BodyFile {
  /** Adds bytes, which may be changed afterwards, without waiting for the disk. */
  append(bytes: Uint8Array): void;
  /** Settles when all is on disk, with whether there is a file. */
  saved(): Promise<boolean>;
}

/** Bytes that may yet be written. */
export interface Room {
  bytes: number;
}

/**
 * Makes a new file with its first bytes, for this user's eyes only. One that can't be written, as on a full disk, is
 * removed: whatever the trouble is, it must not cost more than this file.
 *
 * @param limit bytes of this file, at most.
 * @param room bytes of this file and others, at most.
 */
export function createBodyFile(path: string, limit: number, room: Room): BodyFile {
  let waiting: Buffer[] = [];
  let writing: Promise<void> | undefined;
  let taken = 0;
  let flag: "ax" | "a" = "ax";
  let isLost = false;

  const write = async () => {
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // What comes meanwhile is written together.
      for (; waiting.length > 0; flag = "a")
        await appendFile(path, Buffer.concat(waiting.splice(0)), { mode: 0o600, flag });
    } catch (error) {
      isLost = true;
      waiting = [];
      room.bytes += taken;
      await removeUnlessForeign(path, error);
    }
    writing = undefined;
  };

  return {
    append: (bytes) => {
      const fitting = isLost ? 0 : Math.min(bytes.length, limit - taken, room.bytes);
      if (fitting === 0) return;
      taken += fitting;
      room.bytes -= fitting;
      waiting.push(Buffer.from(bytes.subarray(0, fitting)));
      writing ??= write();
    },
    saved: async () => {
      await writing;
      return taken > 0 && !isLost;
    },
  };
}

async function removeUnlessForeign(path: string, error: unknown): Promise<void> {
  const isForeign = error instanceof Error && "code" in error && error.code === "EEXIST";
  if (!isForeign) await rm(path, { force: true }).catch(() => {});
}
