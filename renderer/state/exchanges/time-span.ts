import { formatOffset } from "../../../shared/text/format.ts";

/** A span of time. Milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A place on an axis, as parts of its length: from 0 at its beginning to 1 at its end. */
export interface Place {
  readonly start: number;
  readonly length: number;
}

/** The shortest span that can be chosen, in milliseconds: exchanges can take less than a millisecond. */
const shortest = 1;

/** The place of a span on an axis, as much as is on it; undefined when nothing is. */
export function placeOn(axis: Span, { from, to }: Span): Place | undefined {
  if (to < axis.from || from > axis.to) return undefined;
  const start = partOf(axis, Math.max(from, axis.from));
  return { start, length: partOf(axis, Math.min(to, axis.to)) - start };
}

/** The position of a time on an axis: from 0 to 1 if it is on it. */
export function partOf({ from, to }: Span, time: number): number {
  return (time - from) / Math.max(shortest, to - from);
}

/** The time at a position on an axis. */
export function timeAt({ from, to }: Span, part: number): number {
  return from + part * (to - from);
}

/** The span between two times in any order, kept on the axis, and not shorter than a millisecond. */
export function spanBetween(axis: Span, one: number, other: number): Span {
  const from = Math.max(axis.from, Math.min(one, other, axis.to - shortest));
  return { from, to: Math.min(Math.max(one, other, from + shortest), Math.max(axis.to, from + shortest)) };
}

/** The span moved by a time, as far as the axis goes. */
export function movedBy(axis: Span, { from, to }: Span, by: number): Span {
  const allowed = Math.max(axis.from - from, Math.min(axis.to - to, by));
  return { from: from + allowed, to: to + allowed };
}

/** The span made shorter, or longer, by a factor, so that a time keeps its place; it stays on the axis. */
export function zoomedBy(axis: Span, { from, to }: Span, factor: number, around: number): Span {
  const length = Math.min(axis.to - axis.from, Math.max(shortest, (to - from) * factor));
  const part = partOf({ from, to }, around);
  const begin = Math.max(axis.from, Math.min(around - part * length, axis.to - length));
  return { from: begin, to: begin + length };
}

/** A time that is marked on an axis. */
export interface Tick {
  readonly time: number;
  /** Since the origin, as in `0:01.5`. */
  readonly label: string;
}

/** Round times for the marks of an axis, in milliseconds. */
const steps = [1, 10, 100, 1_000]
  .flatMap((power) => [power, 2 * power, 5 * power])
  .concat([10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000]);

/** Round times on an axis, counted from an origin, and at most as many as given. */
export function ticksOn(axis: Span, origin: number, most: number): readonly Tick[] {
  const length = axis.to - axis.from;
  const step = steps.find((one) => length / one <= most) ?? Math.ceil(length / most / 3_600_000) * 3_600_000;
  const first = Math.ceil((axis.from - origin) / step);
  const last = Math.floor((axis.to - origin) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const since = (first + index) * step;
    return { time: origin + since, label: labelOf(since, step) };
  });
}

/** All labels of an axis have as many decimals as its step. */
function labelOf(since: number, step: number): string {
  return formatOffset(since, Math.max(0, Math.ceil(-Math.log10(step / 1_000))));
}

/** The part of an axis below which a span is too short to be seen on it, and the part that it then gets at least. */
const inSight = { least: 0.04, wanted: 0.3 };

/**
 * The part of an axis on which a span can be seen: all of the axis if the span is not too short on it. It changes in
 * steps, so that it mostly stays while the span moves.
 */
export function axisFor(axis: Span, { from, to }: Span): Span {
  let { from: begin, to: end } = axis;
  if (to - from >= inSight.least * (end - begin)) return axis;
  for (;;) {
    const length = end - begin;
    if (to - from >= inSight.wanted * length || length < 8 * shortest) return { from: begin, to: end };
    // Halves that begin at eighths: a span that is short enough is always whole in one of them.
    const start = begin + Math.min(0.5, Math.floor(Math.max(0, from - begin) / (length / 8)) / 8) * length;
    if (from < start || to > start + length / 2) return { from: begin, to: end };
    [begin, end] = [start, start + length / 2];
  }
}
