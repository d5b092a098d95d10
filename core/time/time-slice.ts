import { setImmediate } from "node:timers/promises";

/** How long a process may be busy with one thing while others wait, in milliseconds: half a frame of 60 a second. */
const sliceMilliseconds = 8;

/**
 * Returns a function for long loops to await in each round: it lets other work of this process run when the loop has
 * taken its slice of time, and else costs nothing.
 */
export function createTimeSlice(): () => Promise<void> | undefined {
  let end = performance.now() + sliceMilliseconds;
  return () => {
    if (performance.now() < end) return undefined;
    return setImmediate().then(() => {
      end = performance.now() + sliceMilliseconds;
    });
  };
}
