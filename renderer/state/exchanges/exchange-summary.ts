import type { Exchange } from "../guest/exchanges.ts";
import type { LongList } from "../log/long-list.ts";
import { type ExchangeState, stateOf } from "./exchange-facts.ts";

/** Several exchanges together. */
export interface ExchangeSummary {
  /** Bytes of the requests' bodies. */
  readonly sent: number;
  /** How many did not end well, by their states. */
  readonly bad: Readonly<Record<"refused" | "failed" | "cut", number>>;
  /** How many have not ended. */
  readonly open: number;
  /** The faults that Tinsmith has found in them. */
  readonly findings: number;
  /** From the first request to the last end; undefined for none. Milliseconds since the epoch. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const nothing: ExchangeSummary = { sent: 0, open: 0, bad: { refused: 0, failed: 0, cut: 0 }, findings: 0 };

/** The summaries of pieces, which never change: of a long list, few have to be looked at again. */
const known = new WeakMap<readonly Exchange[], ExchangeSummary>();

/** Sums up exchanges. */
export function summaryOf({ pieces }: LongList<Exchange>): ExchangeSummary {
  let all = nothing;
  for (const piece of pieces) {
    const summary = known.get(piece) ?? sumUp(piece);
    known.set(piece, summary);
    all = together(all, summary);
  }
  return all;
}

function sumUp(piece: readonly Exchange[]): ExchangeSummary {
  const count = (state: ExchangeState) => piece.filter((exchange) => stateOf(exchange) === state).length;
  const times = piece.map(({ started, ended = started }) => ({ started, ended }));
  return {
    sent: piece.reduce((sum, { request }) => sum + (request?.bytes ?? 0), 0),
    open: piece.filter(({ ended }) => ended === undefined).length,
    bad: { refused: count("refused"), failed: count("failed"), cut: count("cut") },
    findings: piece.reduce((sum, { findings = [] }) => sum + findings.length, 0),
    ...(times.length > 0 && {
      from: Math.min(...times.map(({ started }) => started)),
      to: Math.max(...times.map(({ ended }) => ended)),
    }),
  };
}

function together(one: ExchangeSummary, other: ExchangeSummary): ExchangeSummary {
  const { refused, failed, cut } = other.bad;
  return {
    sent: one.sent + other.sent,
    open: one.open + other.open,
    bad: { refused: one.bad.refused + refused, failed: one.bad.failed + failed, cut: one.bad.cut + cut },
    findings: one.findings + other.findings,
    from: Math.min(one.from ?? Number.POSITIVE_INFINITY, other.from ?? Number.POSITIVE_INFINITY),
    to: Math.max(one.to ?? 0, other.to ?? 0),
  };
}
