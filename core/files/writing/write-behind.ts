/** Bytes that may wait for a write: a few socket buffers, and enough that more would not be faster. */
const usualBlockBytes = 1024 ** 2;

/**
 * Writes bytes in their order in the background: bytes that arrive during one write are written together by the next.
 * It copies them to two blocks in turns, so its memory is bounded, and the caller can reuse its own at once.
 * Disposing of it waits for the write under way, and drops the rest.
 */
export interface WriteBehind extends AsyncDisposable {
  /** Takes bytes, and settles when they may be changed: when there was room for them. @throws the error of a write */
  add(bytes: Uint8Array): Promise<void>;
  /** Waits until all is written. @throws the error of a write. */
  flush(): Promise<void>;
}

/** @param write writes all of the bytes, which change when it has settled */
export function createWriteBehind(
  write: (bytes: Uint8Array) => Promise<void>,
  blockBytes = usualBlockBytes,
): WriteBehind {
  let filling: Buffer | undefined;
  let spare: Buffer | undefined;
  let filled = 0;
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  const writeNext = (block: Buffer) => {
    const bytes = block.subarray(0, filled);
    [filling, spare] = [spare, block];
    filled = 0;
    writing = write(bytes).then(goOn, (error) => {
      failure = { error };
      goOn();
    });
  };
  const goOn = () => {
    writing = undefined;
    if (filling && filled > 0 && !failure) writeNext(filling);
  };
  const throwFailure = () => {
    if (failure) throw failure.error;
  };

  return {
    async add(bytes) {
      throwFailure();
      for (let rest = bytes; rest.length > 0; ) {
        while (filled === blockBytes && !failure) await writing;
        throwFailure();
        // Not zeroed, and not from the pool that small buffers share.
        filling ??= Buffer.allocUnsafeSlow(blockBytes);
        const part = rest.subarray(0, blockBytes - filled);
        filling.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
        if (!writing) writeNext(filling);
      }
    },
    async flush() {
      while (writing !== undefined) await writing;
      throwFailure();
    },
    async [Symbol.asyncDispose]() {
      filled = 0;
      while (writing !== undefined) await writing;
    },
  };
}
