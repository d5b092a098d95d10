import { expect } from "vitest";
import { eventually } from "../eventually.ts";

/** Waits until no process has one of these numbers. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await eventually(() => expect(pids.filter(isThere)).toEqual([]));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
