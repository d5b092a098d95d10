import type { Cut } from "../../../shared/rules/rule.ts";
import { createThroughputLimit } from "../../time/throughput-limit.ts";

/** How the bytes of a body are passed on. */
export interface BodyShape {
  /** Bytes a second. */
  throttle?: number | undefined;
  /** Bytes of each piece, at most. */
  split?: number | undefined;
  /** The number of bytes after which the connection is cut. */
  cut?: (Cut & { readonly after: number }) | undefined;
}

/** Throttled bytes are passed on in pieces that take at most this share of a second. */
const piecesPerSecond = 10;

/**
 * Passes the pieces of a body on in a shape, which may change between them.
 *
 * @param onCut called when as many bytes were passed on as are to be; nothing comes after that
 */
export async function* shapeBody(
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  shape: Readonly<BodyShape>,
  onCut: (cut: Cut) => void,
): AsyncGenerator<Buffer, void, void> {
  let passed = 0;
  let throttle: number | undefined;
  let limit = createThroughputLimit(1);
  for await (const piece of pieces) {
    let rest = piece;
    for (;;) {
      const { cut } = shape;
      if (cut && passed >= cut.after) return onCut(cut);
      if (rest.length === 0) break;
      const part = rest.subarray(0, Math.min(sizeOf(shape), cut ? cut.after - passed : rest.length));
      rest = rest.subarray(part.length);
      if (shape.throttle !== undefined) {
        if (shape.throttle !== throttle) limit = createThroughputLimit(shape.throttle);
        throttle = shape.throttle;
        await limit.turn(part.length);
      }
      passed += part.length;
      yield part;
    }
  }
  // The body is shorter: the connection is cut all the same.
  if (shape.cut) onCut(shape.cut);
}

function sizeOf({ throttle, split }: Readonly<BodyShape>): number {
  const steady =
    throttle === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(throttle / piecesPerSecond));
  return Math.min(split ?? Number.POSITIVE_INFINITY, steady);
}
