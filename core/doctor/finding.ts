/** One thing that was looked at on this host. */
export interface Finding extends Observation {
  /** What was looked for. */
  readonly subject: string;
}

/** What a look at one thing came to. */
export interface Observation {
  /** False when something can't be done without it. */
  readonly ok: boolean;
  /** What was found, or what is wrong. */
  readonly text: string;
  /** What would be better: what that would give, and how to get it. */
  readonly advice?: string | undefined;
  /** A failure is remembered, and the look can be told to try again. */
  readonly canRetry?: boolean;
}

/** That nothing is missing. */
export function good(text: string): Observation {
  return { ok: true, text };
}
