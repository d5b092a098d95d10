import { setTimeout } from "node:timers/promises";

/**
 * Waits for some milliseconds: the one sleep of the tests, for those whose subject is time itself. They show that a slow
 * or silent peer does no harm, that a time-out does not fire, that something waits, or kill a process at some moment.
 * Whatever a test only waits for, it waits for by `eventually`.
 */
export async function letTimePass(milliseconds: number): Promise<void> {
  await setTimeout(milliseconds);
}
