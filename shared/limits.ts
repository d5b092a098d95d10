/**
 * The largest values that a person can choose; the smallest is 1. No schema is in here: the window asks for these before
 * it has loaded one.
 */
export const limits = {
  /** MiB of memory: 1 TiB. */
  memory: 1024 ** 2,
  /** Seconds: a week. Timers count milliseconds in 31 bits, and hold 24 days. */
  timeout: 7 * 24 * 60 * 60,
  /** GiB of a disk: a worker refuses one of 50 GiB or more. */
  diskSize: 49,
  port: 65_535,
} as const;
