import { vi } from "vitest";

/** A busy machine takes its time; less than a test has, so that it can say what is not so. Milliseconds. */
const patience = 20_000;

interface Options {
  /** Milliseconds between two looks. */
  readonly interval?: number;
  /** Milliseconds, for what takes longer than all else. */
  readonly timeout?: number;
}

/** Waits until a check no longer throws, and gives what it returned. @throws its last error */
export function eventually<Result>(
  check: () => Result | Promise<Result>,
  options: Options = {},
): Promise<Result> {
  return vi.waitFor(check, { timeout: patience, ...options });
}
