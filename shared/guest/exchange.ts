/** One request of the guest's to the MetaService and its reply, as the action log shows it. */

/** Part of a body, and where the rest of it is. */
export interface ExchangeBody {
  /** How many bytes it has, or had when the exchange was cut. */
  readonly bytes: number;
  /** Its beginning, in base64. */
  readonly beginning: string;
  /** A file in the session's folder that holds more of it, from its first byte; none when no more is kept. */
  readonly file?: string | undefined;
  /** The lengths of the messages that the host has sent in a shell, in their order: the first 10,000. */
  readonly messages?: readonly number[] | undefined;
}

/**
 * The end of an exchange. `cut`: the connection was lost before both request and reply were whole, or the guest had
 * closed its side of it before a rule let a message pass, as guest tools do that have given up.
 */
export type ExchangeOutcome = "complete" | "cut";

/** Names and values in the order in which they were sent. */
export type ExchangeHeaders = readonly (readonly [name: string, value: string])[];

/**
 * An event of an exchange. `time` is in milliseconds since the epoch, with fractions; `exchange` counts a session's
 * exchanges from 1.
 */
export type ExchangeEvent = { readonly time: number; readonly exchange: number } & (
  | {
      readonly type: "exchange-started";
      readonly method: string;
      /** Path and query. */
      readonly target: string;
      readonly headers: ExchangeHeaders;
    }
  /** The last byte of the request's body came. Absent for a request without a body, or cut in it. */
  | { readonly type: "exchange-received" }
  /** The reply's first byte was sent. */
  | { readonly type: "exchange-replied"; readonly status: number; readonly headers: ExchangeHeaders }
  | {
      readonly type: "exchange-ended";
      readonly outcome: ExchangeOutcome;
      /** Why Tinsmith has cut it. */
      readonly why?: string | undefined;
      readonly request: ExchangeBody;
      readonly reply: ExchangeBody;
    }
);
