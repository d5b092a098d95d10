/**
 * The reasons to pause a guest: there is no space for its disk, a person has paused it, a breakpoint holds a message, or a
 * checkpoint is being made or restored.
 */
type Reason = "space" | "person" | "breakpoint" | "checkpoint";

/** Keeps the reasons why a guest is paused: it resumes when no reason is left. */
export interface PauseReasons {
  /** @param text a note for the person */
  begin(reason: Reason, text?: string): void;
  end(reason: Reason, text?: string): void;
  has(reason: Reason): boolean;
  /** Whether a person or a breakpoint has paused it: other reasons end by themselves. */
  hasOwn(): boolean;
  /** Whether there is no reason: it runs. */
  isEmpty(): boolean;
}

/** @param onChange called with whether the guest is paused, each time that a reason is added or removed. */
export function createPauseReasons(
  onChange: (stands: boolean, text: string | undefined) => void,
): PauseReasons {
  const reasons = new Set<Reason>();
  return {
    begin: (reason, text) => {
      reasons.add(reason);
      onChange(true, text);
    },
    end: (reason, text) => {
      reasons.delete(reason);
      onChange(reasons.size > 0, text);
    },
    has: (reason) => reasons.has(reason),
    hasOwn: () => reasons.has("person") || reasons.has("breakpoint"),
    isEmpty: () => reasons.size === 0,
  };
}
