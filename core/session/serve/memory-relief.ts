import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Collection, pauseAfter, shortestPause } from "./collection-pace.ts";

/** Bytes by which the process may grow until its garbage is collected: more than a build or run usually needs. */
const allowedGrowth = 96 * 1024 ** 2;

/**
 * Returns unused memory to the system, until it is disposed of. By itself V8 collects garbage only when it needs
 * memory, so a process would keep hundreds of megabytes after a guest has flooded it with requests.
 */
export function relieveMemory(): Disposable {
  const bar = process.memoryUsage.rss() + allowedGrowth;
  let pause = shortestPause;
  const look = () => {
    try {
      if (process.memoryUsage.rss() > bar) pause = pauseAfter(collectGarbage(), pause);
      else pause = shortestPause;
    } catch {
      // The system tells it by a file, and this process may have all open that it can: it asks again later.
    }
    timer = setTimeout(look, pause).unref();
  };
  let timer = setTimeout(look, pause).unref();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

let gc: ((options: { readonly type: "major"; readonly flavor: "last-resort" }) => void) | undefined;

/** Collects all garbage at once, and makes the heap as small as it can be. Nothing else happens meanwhile. */
function collectGarbage(): Collection {
  if (!gc) {
    // V8 has no other call for it. New contexts have the function from now on, this one's globals stay as they are.
    setFlagsFromString("--expose-gc");
    gc = runInNewContext("gc");
  }
  const before = process.memoryUsage.rss();
  const start = performance.now();
  gc?.({ type: "major", flavor: "last-resort" });
  return { took: performance.now() - start, freed: before - process.memoryUsage.rss() };
}
