import { memo } from "react";
import type { SessionMark } from "../../../state/exchanges/session-marks.ts";
import { partOf, type Span, type Tick } from "../../../state/exchanges/time-span.ts";

interface AxisLinesProps {
  readonly axis: Span;
  readonly ticks: readonly Tick[];
  readonly marks: readonly SessionMark[];
}

/** The lines behind the bars of all rows: round times, and the marks of the VM and the guest. */
export const AxisLines = memo(function AxisLines({ axis, ticks, marks }: AxisLinesProps) {
  const lines = [
    ...ticks.map(({ time }) => ({ key: `tick ${time}`, time, kind: "tick" })),
    ...marks.map(({ number, time, kind }) => ({ key: `mark ${number}`, time, kind })),
  ];
  return (
    <div className="exchange-lines" aria-hidden>
      <span className="exchange-axis">
        {lines
          .filter(({ time, kind }) => kind !== "note" && time >= axis.from && time <= axis.to)
          .map(({ key, time, kind }) => (
            <span key={key} data-kind={kind} style={{ left: `${partOf(axis, time) * 100}%` }} />
          ))}
      </span>
    </div>
  );
});
