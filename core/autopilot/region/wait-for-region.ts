import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../../shared/errors/errors.ts";
import type { Picture } from "../../recording/ppm.ts";
import type { GuestClock } from "../../time/guest-clock.ts";
import type { ScreenPlace } from "../../vm/screen-pointer.ts";
import { createRegionSearch, type RegionSearch } from "./find-region.ts";
import type { RegionPicture } from "./region-picture.ts";

interface RegionWaitOptions {
  /** The path of the picture, for errors. */
  readonly name: string;
  /** The part of its pixels that may look different, 0 to 1. */
  readonly tolerance: number;
  /** Of the guest's time. */
  readonly seconds: number;
  readonly signal: AbortSignal;
}

interface WatchedScreen {
  /** Reads the picture on the screen. @throws AppError `qemu-failed` */
  readonly read: () => Promise<Picture>;
  readonly clock: Pick<GuestClock, "after">;
}

/** The time between two looks at the screen. A look takes about 5 milliseconds of QEMU's time. */
const interval = 150;

/**
 * Waits until a picture is on the screen.
 *
 * @returns the place of its upper left corner
 * @throws AppError `timed-out`, with the most similar place; the signal's reason when it aborts
 */
export async function waitForRegion(
  { read, clock }: WatchedScreen,
  region: RegionPicture,
  { name, tolerance, seconds, signal }: RegionWaitOptions,
): Promise<ScreenPlace> {
  const search = createRegionSearch(region);
  let isLate = false;
  using _alarm = clock.after(seconds * 1000, () => {
    isLate = true;
  });
  for (let before: Picture | undefined; ; ) {
    signal.throwIfAborted();
    const wasLate = isLate;
    const screen = await read();
    if (!before?.pixels.equals(screen.pixels)) {
      const place = await search.find(screen, tolerance, signal);
      if (place) return place;
      before = screen;
    }
    // After the last look, which begins when the time is over.
    if (wasLate) throw tooLate(name, seconds, await hints(search, region, screen, signal));
    await delay(interval, undefined, { signal }).catch(() => {});
  }
}

async function hints(
  search: RegionSearch,
  { width, height }: RegionPicture,
  screen: Picture,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (width > screen.width || height > screen.height)
    return [
      `The picture has ${width} by ${height} pixels, and the screen only ${screen.width} by ${screen.height}.`,
    ];
  const nearest = await search.nearest(screen, signal);
  if (!nearest) return [];
  const { x, y, difference } = nearest;
  return [
    `It is most similar at ${x}, ${y}, where ${(difference * 100).toFixed(2)} % of its pixels look different.`,
  ];
}

function tooLate(name: string, seconds: number, details: readonly string[]): AppError {
  return new AppError({
    code: "timed-out",
    message: `the screen did not show ${name} in ${seconds} s`,
    advice: "Compare the picture with the screen's last picture.",
    details,
  });
}
