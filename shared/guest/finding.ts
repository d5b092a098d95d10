/**
 * Tinsmith has found something wrong in an exchange, which a person would otherwise have to compute: data is missing, or the guest
 * tools have broken the protocol. `time` is in milliseconds since the epoch.
 */
export interface FindingEvent extends Finding {
  readonly type: "finding";
  readonly time: number;
  readonly exchange: number;
}

/** A finding in words. */
export interface Finding {
  /** Two or three words, such as `log too short`. */
  readonly name: string;
  /** A sentence with the facts. */
  readonly text: string;
}

/** A finding as a line for a person. */
export function describeFinding({ exchange, text }: Pick<FindingEvent, "exchange" | "text">): string {
  return `Exchange ${exchange}: ${text}`;
}
