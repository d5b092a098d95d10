/** One thing that was looked at on this host. */
export interface Finding extends Observation {
  /** The thing that was examined. */
  readonly subject: string;
}

/** The result of examining one thing. */
export interface Observation {
  /** False when something can't be done without it. */
  readonly ok: boolean;
  /** The state that was found, or the problem. */
  readonly text: string;
  /** An improvement: its benefit, and how to get it. */
  readonly advice?: string | undefined;
  /** A failure is remembered, and the look can be told to try again. */
  readonly canRetry?: boolean;
}

/** An observation that nothing is missing. */
export function good(text: string): Observation {
  return { ok: true, text };
}
