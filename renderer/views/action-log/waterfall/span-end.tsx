import { formatOffset } from "../../../../shared/text/format.ts";
import { movedBy, partOf, type Span, spanBetween, zoomedBy } from "../../../state/exchanges/time-span.ts";

interface SpanEndProps {
  readonly end: "from" | "to";
  readonly axis: Span;
  readonly span: Span | undefined;
  readonly onSpan: (span: Span | undefined) => void;
}

/** Parts of the axis that a key moves an end by. */
const step = 0.01;
const bigStep = 0.1;

/** One end of the chosen span, as a slider: arrows move it, with Alt the whole span; plus and minus zoom. */
export function SpanEnd({ end, axis, span, onSpan }: SpanEndProps) {
  const now = span ?? axis;
  const length = axis.to - axis.from;
  const change = (by: number, isWhole: boolean) => {
    if (isWhole) onSpan(movedBy(axis, now, by));
    else if (end === "from") onSpan(spanBetween(axis, Math.min(now.from + by, now.to), now.to));
    else onSpan(spanBetween(axis, now.from, Math.max(now.to + by, now.from)));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = (event.shiftKey || event.key.startsWith("Page") ? bigStep : step) * length;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: -by,
      ArrowDown: -by,
      PageDown: -by,
      ArrowRight: by,
      ArrowUp: by,
      PageUp: by,
      Home: -length,
      End: length,
    };
    const move = moves[event.key];
    if (move !== undefined) change(move, event.altKey);
    else if (event.key === "+" || event.key === "=") onSpan(zoomedBy(axis, now, 0.5, now[end]));
    else if (event.key === "-") onSpan(zoomedBy(axis, now, 2, now[end]));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const seconds = (now[end] - axis.from) / 1_000;
  return (
    <span
      className="overview-end"
      data-grip={end}
      role="slider"
      tabIndex={0}
      aria-label={end === "from" ? "Beginning of the shown span" : "End of the shown span"}
      aria-valuemin={0}
      aria-valuemax={length / 1_000}
      aria-valuenow={seconds}
      aria-valuetext={formatOffset(now[end] - axis.from)}
      style={{ left: `${partOf(axis, now[end]) * 100}%` }}
      onKeyDown={onKeyDown}
    />
  );
}
