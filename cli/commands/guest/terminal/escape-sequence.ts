const tilde = 0x7e;
const fullStop = 0x2e;
const lineEnds: readonly number[] = [0x0a, 0x0d];

/** Input split into the part for the guest and the person's request to leave. */
export interface Typed {
  readonly bytes: Uint8Array;
  readonly leaves: boolean;
}

/**
 * Looks for `~.` at the beginning of a line, by which a person leaves a shell that does not answer. `~~` there is one
 * tilde for the guest. A tilde is held back until the next byte tells what it means.
 */
export function createEscapeFilter(): (typed: Uint8Array) => Typed {
  let isLineStart = true;
  let isTildeHeld = false;
  return (typed) => {
    const bytes: number[] = [];
    for (const byte of typed) {
      if (isTildeHeld) {
        if (byte === fullStop) return { bytes: Uint8Array.from(bytes), leaves: true };
        bytes.push(tilde);
        isTildeHeld = false;
        isLineStart = false;
        if (byte === tilde) continue;
      } else if (isLineStart && byte === tilde) {
        isTildeHeld = true;
        continue;
      }
      bytes.push(byte);
      isLineStart = lineEnds.includes(byte);
    }
    return { bytes: Uint8Array.from(bytes), leaves: false };
  };
}
