import type { FileHandle } from "node:fs/promises";

/** Bytes that may wait for a write: a few socket buffers, and enough that more would not be faster. */
const mostBytes = 1024 ** 2;
/** Pieces that may wait for a write: as many as the system takes at once. */
const mostPieces = 1024;

/**
 * Writes pieces in their order, behind the back of whoever has them: what comes during one write is written together
 * by the next. Disposing of it waits for the write under way, and drops the rest.
 */
export interface WriteBehind extends AsyncDisposable {
  /**
   * Takes a piece, which must not be changed afterwards.
   *
   * @returns what to wait for before adding more, when too much waits already.
   * @throws what an earlier write threw.
   */
  add(bytes: Uint8Array): Promise<void> | undefined;
  /** Waits until all is written. @throws what a write threw. */
  flush(): Promise<void>;
}

export function createWriteBehind(write: (pieces: readonly Uint8Array[]) => Promise<void>): WriteBehind {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const writeNext = () => {
    const pieces = waiting;
    waiting = [];
    waitingBytes = 0;
    writing = write(pieces).then(goOn, (error) => {
      failure = { error };
      goOn();
    });
  };
  const goOn = () => {
    writing = undefined;
    if (waiting.length > 0 && !failure) writeNext();
  };
  const throwFailure = () => {
    if (failure) throw failure.error;
  };

  return {
    add(bytes) {
      throwFailure();
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (!writing) writeNext();
      return waitingBytes < mostBytes && waiting.length < mostPieces ? undefined : writing;
    },
    async flush() {
      while (writing !== undefined) await writing;
      throwFailure();
    },
    async [Symbol.asyncDispose]() {
      waiting = [];
      while (writing !== undefined) await writing;
    },
  };
}

/** Writes all of the pieces, one behind the other. @param position of the first one; null for the end of the file */
export async function writePieces(
  file: FileHandle,
  pieces: readonly Uint8Array[],
  position: number | null,
): Promise<void> {
  let left = pieces;
  let at = position;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left, at ?? undefined);
    if (at !== null) at += bytesWritten;
    left = withoutFirst(left, bytesWritten);
  }
}

/** What is left of pieces when so many bytes were written: one write may take only some of them. */
function withoutFirst(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes;
  return pieces.flatMap((piece) => {
    const written = Math.min(left, piece.length);
    left -= written;
    return written < piece.length ? [piece.subarray(written)] : [];
  });
}
