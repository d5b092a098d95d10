import { createStore } from "zustand/vanilla";

/** The number of messages that the breakpoints of each session hold, also of sessions that are not open in this window. */
export const heldCounts = createStore<Readonly<Record<string, number>>>(() => ({}));

/** Keeps the number of a session. */
export function countHeld(session: string, count: number): void {
  if ((heldCounts.getState()[session] ?? 0) === count) return;
  heldCounts.setState(
    ({ [session]: _, ...others }) => ({ ...others, ...(count > 0 && { [session]: count }) }),
    true,
  );
}

/** The number of held messages of all sessions. */
export function heldInAll(): number {
  return Object.values(heldCounts.getState()).reduce((sum, count) => sum + count, 0);
}
