import type { OutputTime } from "../../../shared/session/output-times.ts";
import { partOf, type Span } from "./time-span.ts";

/** Output that came within a short part of an axis. */
export interface OutputMark {
  /** When the first of it came. Milliseconds since the epoch. */
  readonly time: number;
  readonly bytes: number;
}

/** The output of a console as marks on an axis, at most one in each of equal parts. @param times in their order */
export function outputMarks(times: readonly OutputTime[], axis: Span, parts: number): readonly OutputMark[] {
  const marks = new Map<number, OutputMark>();
  let printed = 0;
  for (const [time, end] of times) {
    const bytes = end - printed;
    printed = end;
    if (time < axis.from || time > axis.to) continue;
    const part = Math.floor(partOf(axis, time) * parts);
    const { time: first, bytes: before } = marks.get(part) ?? { time, bytes: 0 };
    marks.set(part, { time: first, bytes: before + bytes });
  }
  return [...marks.values()];
}

/** The mark that is nearest to a time. */
export function nearestMark(marks: readonly OutputMark[], time: number): OutputMark | undefined {
  const distance = (mark: OutputMark) => Math.abs(mark.time - time);
  return marks.toSorted((one, other) => distance(one) - distance(other))[0];
}
