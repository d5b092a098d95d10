import { partOf, type Span, type Tick } from "../../../state/exchanges/time-span.ts";
import "./axis-labels.css";

interface AxisLabelsProps {
  readonly axis: Span;
  readonly ticks: readonly Tick[];
}

/** The round times of an axis, each at its place. A label that has no room before the next place is not shown. */
export function AxisLabels({ axis, ticks }: AxisLabelsProps) {
  return ticks.map(({ time, label }, index) => {
    const end = ticks[index + 1]?.time ?? axis.to;
    return (
      <span
        key={time}
        className="axis-label"
        style={{ left: `${partOf(axis, time) * 100}%`, right: `${(1 - partOf(axis, end)) * 100}%` }}
      >
        <span>{label}</span>
      </span>
    );
  });
}
