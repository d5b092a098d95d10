import { appendFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AppError, toAppError } from "../../../shared/errors/errors.ts";
import { hasErrorCode } from "../../../shared/errors/system-error.ts";
import { makeFolder } from "../../files/folders.ts";
import type { SpaceReserve } from "../../files/free-space.ts";

/** A file of which no more is written than there is room for. */
export interface BodyFile {
  /** Adds bytes, which may be changed afterwards, without waiting for the disk. */
  append(bytes: Uint8Array): void;
  /** Settles when all is on disk, with whether there is a file. */
  saved(): Promise<boolean>;
}

/** The remaining space for bodies. */
export interface Room {
  /** Bytes that may yet be written. */
  bytes: number;
  readonly space: SpaceReserve;
  /** Called whenever something is not kept because there is no room for it. */
  readonly onLoss: (why: "quota" | "disk") => void;
}

/**
 * Makes a new file with its first bytes, for this user's eyes only. One that can't be written, as on a full disk, is
 * removed: a failure must not affect anything but this file.
 *
 * @param limit bytes of this file, at most.
 * @param room of this file and others together.
 */
export function createBodyFile(path: string, limit: number, room: Room): BodyFile {
  let waiting: Buffer[] = [];
  let writing: Promise<void> | undefined;
  let taken = 0;
  let flag: "ax" | "a" = "ax";
  let isLost = false;

  const write = async () => {
    try {
      makeFolder(dirname(path), { mode: 0o700 });
      // Bytes that arrive meanwhile are written together.
      for (; waiting.length > 0; flag = "a") {
        const bytes = Buffer.concat(waiting.splice(0));
        if (!(await room.space.take(bytes.length))) throw noSpace();
        await appendFile(path, bytes, { mode: 0o600, flag });
      }
    } catch (error) {
      isLost = true;
      waiting = [];
      room.bytes += taken;
      if (toAppError(error).code === "no-space") room.onLoss("disk");
      await removeUnlessForeign(path, error);
    }
    writing = undefined;
  };

  return {
    append: (bytes) => {
      if (isLost) return;
      const wanted = Math.min(bytes.length, limit - taken);
      const fitting = Math.min(wanted, room.bytes);
      if (fitting < wanted) room.onLoss("quota");
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

function noSpace(): AppError {
  return new AppError({ code: "no-space", message: "the disk is nearly full" });
}

async function removeUnlessForeign(path: string, error: unknown): Promise<void> {
  if (!hasErrorCode(error, "EEXIST")) await rm(path, { force: true }).catch(() => {});
}
