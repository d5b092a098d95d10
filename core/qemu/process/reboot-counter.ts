/** An installation reboots once or twice, and a person at the screen now and then; more than this is a loop. */
const maxResets = 5;
/** An emulated guest that can't boot resets after seconds, a minute at most. */
const windowMilliseconds = 10 * 60_000;
/** A BIOS that is reset at a bad moment resets the machine again, and again, before it boots: seen six times within half a second. */
const burstMilliseconds = 1_000;

/** Tells a guest that reboots from one that does nothing else. */
export class RebootCounter {
  #resets: readonly number[] = [];

  /**
   * Counts a reset; those that come together count as one.
   *
   * @param now milliseconds of any clock.
   * @returns the number of resets and their time in seconds, once they are a loop.
   */
  count(now: number): { readonly resets: number; readonly seconds: number } | undefined {
    if (now - (this.#resets.at(-1) ?? Number.NEGATIVE_INFINITY) < burstMilliseconds) return undefined;
    this.#resets = [...this.#resets.filter((time) => now - time < windowMilliseconds), now];
    const [first = now] = this.#resets;
    if (this.#resets.length <= maxResets) return undefined;
    return { resets: this.#resets.length, seconds: Math.round((now - first) / 1000) };
  }

  /** Forgets earlier resets: the guest has shown that it makes progress. */
  clear(): void {
    this.#resets = [];
  }
}
