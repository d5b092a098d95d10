import fc from "fast-check";
import { expect } from "vitest";
import { AppError } from "../../shared/errors/errors.ts";
import type { ByteSource } from "./byte-source.ts";

interface Fuzz {
  /** A sound image. */
  readonly image: Buffer;
  /** Parts that are damaged, each by its first byte and its length: those with the structures of a file system. */
  readonly places: readonly (readonly [start: number, length: number])[];
  readonly mostReads: number;
  readonly runs?: number;
  /** Reads all that there is. */
  readonly use: (source: ByteSource) => Promise<unknown>;
}

/**
 * Damages some bytes of an image, again and again, the same in each run: the reader must succeed or say that the image is
 * damaged, after a bounded number of reads.
 */
export async function expectBounded({ image, places, mostReads, runs = 300, use }: Fuzz): Promise<void> {
  const place = fc.oneof(
    ...places.map(([start, length]) => fc.integer({ min: start, max: start + length - 1 })),
  );
  const change = fc.tuple(place, fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xfe, 0xff));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      let reads = 0;
      const counted: ByteSource = {
        size: image.length,
        read: async (offset, length) => {
          reads++;
          const bytes = Buffer.from(image.subarray(offset, offset + length));
          for (const [place, value] of changes)
            if (place >= offset && place < offset + bytes.length) bytes[place - offset] = value;
          return bytes;
        },
      };
      await use(counted).catch((error) => {
        expect(error).toBeInstanceOf(AppError);
        expect(error).toMatchObject({ code: "damaged-file-system" });
      });
      expect(reads).toBeLessThan(mostReads);
    }),
    { seed: 20_260_801, numRuns: runs },
  );
}
