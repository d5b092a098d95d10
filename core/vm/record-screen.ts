import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { QmpClient } from "../qemu/process/qmp-client.ts";
import type { ScreenPictures } from "../recording/screen-pictures.ts";

/** The times between two looks at the screen: a screen that shows nothing new is looked at less often. Milliseconds. */
const shortestInterval = 500;
const longestInterval = 4_000;
/** QEMU does nothing else while it saves a picture: that may take this part of its time. */
const largestShare = 1 / 20;

/**
 * Keeps pictures of a guest's screen as it changes, until it is disposed of, QEMU ends or no more are kept. A screen
 * that can't be read costs nothing but its pictures.
 *
 * @param working an existing folder for one picture
 */
export function recordScreen(qmp: QmpClient, pictures: ScreenPictures, working: string): Disposable {
  const gone = new AbortController();
  const file = join(working, "screen.ppm");
  const record = async () => {
    for (let interval = shortestInterval; !gone.signal.aborted; ) {
      const start = performance.now();
      await qmp.execute("screendump", { filename: file });
      const took = performance.now() - start;
      if (gone.signal.aborted) return;
      const taken = await pictures.take(await readFile(file));
      if (taken === "full") return;
      interval = taken === "new" ? shortestInterval : Math.min(longestInterval, interval * 1.5);
      await sleep(Math.max(interval, took / largestShare), undefined, { signal: gone.signal, ref: false });
    }
  };
  record().catch(() => {});
  return { [Symbol.dispose]: () => gone.abort() };
}
