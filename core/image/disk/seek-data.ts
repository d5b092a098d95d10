import { constants as system } from "node:os";
import { cFunction, lastErrorNumber } from "../../files/c-function.ts";
import type { Extent } from "./extents.ts";

/** The values of lseek(2)'s `whence`, from <unistd.h>: Linux and macOS number them differently. */
const whence = process.platform === "darwin" ? { data: 4, hole: 3 } : { data: 3, hole: 4 };

const lseek: (descriptor: number, offset: number, whence: number) => number = cFunction(
  "int64_t lseek(int descriptor, int64_t offset, int whence)",
);

/** Finds the next data, or the next hole, at or after an offset; undefined when there is none. */
export type Seek = (kind: "data" | "hole", offset: number) => number | undefined;

/**
 * Asks the system where an open file has data. It moves the file's position.
 *
 * @returns a function that throws an error when the system can't tell.
 */
export function seekIn(descriptor: number): Seek {
  return (kind, offset) => {
    const found = Number(lseek(descriptor, offset, whence[kind]));
    if (found >= 0) return found;
    const error = lastErrorNumber();
    if (error === system.errno.ENXIO) return undefined;
    throw new Error(`lseek failed with error ${error}`);
  };
}

/**
 * The parts of a file that are not holes, in ascending order.
 *
 * @throws RangeError when the answers of the system contradict themselves.
 */
export function* dataParts(seek: Seek, size: number): Generator<Extent> {
  for (let position = 0; position < size; ) {
    const start = seek("data", position);
    if (start === undefined || start >= size) return;
    const end = Math.min(seek("hole", start) ?? size, size);
    if (start < position || end <= start) throw new RangeError(`data from ${start} to ${end}`);
    yield { start, length: end - start };
    position = end;
  }
}
