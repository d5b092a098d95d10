/** A pause of a virtual machine: milliseconds since the epoch. */
export interface Pause {
  readonly from: number;
  /** Absent while it lasts. */
  readonly to?: number;
}

/** The pauses, in their order, once it is known whether the virtual machine is paused now. */
export function addToPauses(pauses: readonly Pause[], isPaused: boolean, now: number): readonly Pause[] {
  const last = pauses.at(-1);
  const begun = last?.to === undefined ? last : undefined;
  if (isPaused === (begun !== undefined)) return pauses;
  return begun ? [...pauses.slice(0, -1), { ...begun, to: now }] : [...pauses, { from: now }];
}

/** For how many of the milliseconds since a time the guest has run: its time-outs count no others. */
export function guestTimeSince(since: number, pauses: readonly Pause[], now: number): number {
  const paused = pauses.reduce(
    (sum, { from, to = now }) => sum + Math.max(0, Math.min(to, now) - Math.max(from, since)),
    0,
  );
  // The window's clock may be a moment behind the engine's.
  return Math.max(0, now - since - paused);
}
