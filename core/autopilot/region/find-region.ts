import type { Picture } from "../../recording/ppm.ts";
import { createTimeSlice } from "../../time/time-slice.ts";
import type { ScreenPlace } from "../../vm/screen-pointer.ts";
import type { RegionPicture } from "./region-picture.ts";

/** A place where a picture is similar to a screen. */
interface SimilarPlace extends ScreenPlace {
  /** The part of its pixels that look different there, 0 to 1. */
  readonly difference: number;
}

/** Finds a picture on screens. */
export interface RegionSearch {
  /**
   * The first place, from the top and then from the left, at which at most `tolerance` of the picture's pixels look different.
   *
   * @param tolerance 0 to 1
   */
  find(screen: Picture, tolerance: number, signal: AbortSignal): Promise<ScreenPlace | undefined>;
  /** The most similar place, by a sample of the pixels; undefined where the picture does not fit. */
  nearest(screen: Picture, signal: AbortSignal): Promise<SimilarPlace | undefined>;
}

/**
 * A pixel looks different if one of its three colours differs by more than this, of 255. The colours of a screen that shows the same
 * differ by a few where they were converted, as by a graphics card with 16 bits a pixel.
 */
const sameColour = 16;
/** The numbers of pixels after which a place is given up that can't have few enough different ones. */
const milestones = [32, 64, 128, 256, 512, 1024, 2048, 8192];
/** So many standard deviations above the mean is one sample in some millions. */
const deviations = 5;
/** The pixels by which places are compared when none is similar enough. */
const sampleSize = 128;

/** The pixels that are compared, in their order: places from the upper left corner, and colours. */
interface Pixels {
  readonly count: number;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly colours: Uint8Array;
  /** How many there are of the kind of which there are fewer: see `orderPixels`. */
  readonly fewer: number;
}

/** Transparent pixels of the picture look like any others. */
export function createRegionSearch(region: RegionPicture): RegionSearch {
  const pixels = orderPixels(region);
  const search = async (
    screen: Picture,
    signal: AbortSignal,
    visit: (x: number, y: number, compare: Comparison) => boolean,
  ) => {
    const compare = createComparison(screen, pixels);
    const slice = createTimeSlice();
    for (let y = 0; y <= screen.height - region.height; y += 1) {
      for (let x = 0; x <= screen.width - region.width; x += 1) if (visit(x, y, compare)) return;
      await slice();
      signal.throwIfAborted();
    }
  };
  return {
    find: async (screen, tolerance, signal) => {
      let found: ScreenPlace | undefined;
      const limits = limitsOf(pixels, Math.floor(tolerance * pixels.count));
      await search(screen, signal, (x, y, compare) => {
        if (compare(x, y, limits) !== undefined) found = { x, y };
        return found !== undefined;
      });
      return found;
    },
    nearest: async (screen, signal) => {
      const end = Math.min(sampleSize, pixels.count);
      let best: ScreenPlace | undefined;
      let limits: readonly Limit[] = [{ end, different: end }];
      await search(screen, signal, (x, y, compare) => {
        const different = compare(x, y, limits);
        if (different === undefined) return false;
        best = { x, y };
        limits = [{ end, different: different - 1 }];
        return different === 0;
      });
      if (!best) return undefined;
      const all = [{ end: pixels.count, different: pixels.count }];
      const different = createComparison(screen, pixels)(best.x, best.y, all) ?? pixels.count;
      return { ...best, difference: different / pixels.count };
    },
  };
}

interface Limit {
  /** Up to this pixel, */
  readonly end: number;
  /** so many may look different. */
  readonly different: number;
}

/** @returns the number of pixels that look different at a place; undefined if there are too many */
type Comparison = (x: number, y: number, limits: readonly Limit[]) => number | undefined;

function createComparison(screen: Picture, { x, y, colours, count }: Pixels): Comparison {
  const offsets = Int32Array.from({ length: count }, (_, index) => {
    return ((y[index] ?? 0) * screen.width + (x[index] ?? 0)) * 3;
  });
  const shown = screen.pixels;
  const differs = (colour: number, at: number) =>
    Math.abs((colours[colour] ?? 0) - (shown[at] ?? 0)) > sameColour;
  return (left, top, limits) => {
    const origin = (top * screen.width + left) * 3;
    let different = 0;
    let index = 0;
    for (const limit of limits)
      for (; index < limit.end; index += 1) {
        const at = origin + (offsets[index] ?? 0);
        const colour = index * 3;
        if (differs(colour, at) || differs(colour + 1, at + 1) || differs(colour + 2, at + 2)) {
          different += 1;
          if (different > limit.different) return undefined;
        }
      }
    return different;
  };
}

/**
 * How many pixels may look different, of all and of the first ones. These are a sample by chance: a place with few enough different ones
 * of all has no more in it, but for one in some millions.
 */
function limitsOf({ count, fewer }: Pixels, allowed: number): readonly Limit[] {
  const before = milestones
    .filter((end) => end < count)
    .map((end): Limit => {
      // The sample has as many of both kinds, as long as there are some.
      const ofFewer = Math.min(end >> 1, fewer);
      const most = Math.max(
        mostInSample(allowed, fewer, ofFewer),
        mostInSample(allowed, count - fewer, end - ofFewer),
      );
      return { end, different: Math.min(allowed, most) };
    });
  return [...before, { end: count, different: allowed }];
}

/** How many different pixels a sample may have of a kind of which there are `total`, if at most `allowed` of all are different. */
function mostInSample(allowed: number, total: number, sample: number): number {
  if (total === 0) return 0;
  // Fewer different ones have a lower mean, but may scatter more.
  const numbers = Array.from({ length: 21 }, (_, index) => (Math.min(allowed, total) * index) / 20);
  const most = numbers.map((different) => {
    const mean = (different / total) * sample;
    return mean + deviations * Math.sqrt(mean * (1 - different / total));
  });
  return Math.ceil(Math.max(...most) + 2);
}

/**
 * Orders the pixels so that most places of a screen are given up after a few: a large part of most pictures has one colour, which is
 * that of most of the screen too. So pixels of that colour and others alternate, each in an order by chance.
 */
function orderPixels({ width, height, pixels }: RegionPicture): Pixels {
  const opaque = Array.from({ length: width * height }, (_, index) => index).filter(
    (index) => pixels[index * 4 + 3] !== 0,
  );
  const common = mostCommon(opaque.map((index) => pixels.readUIntBE(index * 4, 3)));
  const isCommon = (index: number) => pixels.readUIntBE(index * 4, 3) === common;
  const kinds = [opaque.filter(isCommon), opaque.filter((index) => !isCommon(index))].map(shuffle);
  const [more = [], fewer = []] = kinds.toSorted((one, other) => other.length - one.length);
  const order = more.flatMap((index, at) => (at < fewer.length ? [fewer[at] ?? 0, index] : [index]));
  return {
    count: order.length,
    x: Int32Array.from(order, (index) => index % width),
    y: Int32Array.from(order, (index) => Math.floor(index / width)),
    colours: Uint8Array.from(order.flatMap((index) => [...pixels.subarray(index * 4, index * 4 + 3)])),
    fewer: fewer.length,
  };
}

function mostCommon(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: number | undefined;
  for (const [value, count] of counts) if (count > (counts.get(best ?? -1) ?? 0)) best = value;
  return best;
}

/** The same order each time, by the generator of Numerical Recipes. */
function shuffle(indexes: readonly number[]): readonly number[] {
  const shuffled = [...indexes];
  let state = 1;
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const chosen = Math.floor((state / 2 ** 32) * (last + 1));
    [shuffled[last], shuffled[chosen]] = [shuffled[chosen] ?? 0, shuffled[last] ?? 0];
  }
  return shuffled;
}
