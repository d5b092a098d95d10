/** Drops the values of all sessions that are not open. */
type Forget = (isOpen: (session: string) => boolean) => void;

const all: Forget[] = [];

/** A value for each session, made when it is first asked for. */
interface SessionMemory<Kept> {
  of(session: string): Kept;
  /** @returns undefined when nothing is kept of it */
  find(session: string): Kept | undefined;
  values(): Iterable<Kept>;
}

interface SessionMemoryOptions<Kept> {
  /** Whether it is kept although its session is not open. */
  readonly isUsed?: (kept: Kept) => boolean;
  /** Ends the activities of a value. */
  readonly end?: (kept: Kept) => void;
}

/** Keeps something of each session as long as that is open in this window, and not longer. */
export function createSessionMemory<Kept>(
  make: (session: string) => Kept,
  { isUsed = () => false, end = () => {} }: SessionMemoryOptions<Kept> = {},
): SessionMemory<Kept> {
  const known = new Map<string, Kept>();
  whenClosed((isOpen) => {
    for (const [session, kept] of known) {
      if (isOpen(session) || isUsed(kept)) continue;
      known.delete(session);
      end(kept);
    }
  });
  return {
    of: (session) => {
      const before = known.get(session);
      if (before !== undefined) return before;
      const made = make(session);
      known.set(session, made);
      return made;
    },
    find: (session) => known.get(session),
    values: () => known.values(),
  };
}

/** Has something forgotten by other means when sessions have been closed. */
export function whenClosed(forget: Forget): void {
  all.push(forget);
}

/** Forgets all that is kept of sessions that are not open. */
export function forgetClosed(isOpen: (session: string) => boolean): void {
  for (const forget of all) forget(isOpen);
}
