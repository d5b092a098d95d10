import { expect, vi } from "vitest";

/** Waits until no process has one of these numbers. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  await vi.waitFor(() => expect(pids.filter(isThere)).toEqual([]), { timeout: 20_000 });
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
