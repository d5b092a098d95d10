import { setTimeout as delay } from "node:timers/promises";

/** Lets work through at a steady rate: who asks waits for its turn. */
export interface ThroughputLimit {
  /** Settles when this amount may be sent. */
  turn(amount: number): Promise<void>;
}

/** The lead over the rate that is allowed, in milliseconds: a timer is not more precise than a few of them. */
const ahead = 20;

/** @param perSecond the amount that passes in a second */
export function createThroughputLimit(
  perSecond: number,
  now = () => performance.now(),
  wait = delay,
): ThroughputLimit {
  let free = now();
  return {
    turn: async (amount) => {
      const begin = Math.max(free, now());
      free = begin + (amount / perSecond) * 1000;
      const early = begin - now() - ahead;
      if (early > 0) await wait(early);
    },
  };
}
