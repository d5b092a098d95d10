/** Time limits of work with a server: when Tinsmith asks again, and when it gives up. Milliseconds. */
export interface TransferLimits {
  /** Tries without new bytes, one after another, before the work fails. */
  readonly emptyTries: number;
  readonly pause: number;
  /** A server that neither sends nor takes anything for so long is asked again. */
  readonly stall: number;
}

export const usualLimits: TransferLimits = { emptyTries: 3, pause: 1_000, stall: 30_000 };

/** The time that a server may ask to wait for. If it asks for more, the work fails. Milliseconds. */
export const longestWait = 15 * 60_000;

/** The number of times that a server may ask to wait, one after another, without taking or giving anything in between. */
export const mostWaits = 20;
