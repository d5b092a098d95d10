/** The precise clock is set again when it differs by more than this from the system's. Milliseconds. */
const tolerance = 50;

let origin = performance.timeOrigin;

/**
 * The time in milliseconds since the epoch, to the microsecond.
 *
 * The precise clock runs evenly, but stops while the host sleeps, and does not know when its clock is set: so it
 * follows the system's, which counts whole milliseconds.
 */
export function preciseTime(): number {
  const elapsed = performance.now();
  const systemTime = Date.now();
  if (Math.abs(origin + elapsed - systemTime) > tolerance) origin = systemTime - elapsed;
  return Math.round((origin + elapsed) * 1000) / 1000;
}
