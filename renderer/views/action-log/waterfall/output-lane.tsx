import { useMemo } from "react";
import { formatBytes, formatOffset } from "../../../../shared/text/format.ts";
import { nearestMark, outputMarks } from "../../../state/exchanges/output-marks.ts";
import { partOf, type Span, timeAt } from "../../../state/exchanges/time-span.ts";
import { showOutput, showReplay } from "../../../state/guest/guest-actions.ts";
import type { OutputName } from "../../../state/replay/session-file.ts";
import { useIsRunning } from "../../../state/sessions/use-is-running.ts";
import { useOutputTimes } from "./use-output-times.ts";

/** Marks that can be told apart on the axis. */
const parts = 120;

const names: Readonly<Record<OutputName, { readonly short: string; readonly long: string }>> = {
  serial: { short: "Serial", long: "Serial console" },
  task: { short: "Log", long: "The task's log" },
};

interface OutputLaneProps {
  readonly session: string;
  readonly name: OutputName;
  /** All of the session. */
  readonly axis: Span;
}

/** The output of a console on the time axis. A click shows it in the replay of that time; while the session runs, in its console. */
export function OutputLane({ session, name, axis }: OutputLaneProps) {
  const isRunning = useIsRunning(session);
  const times = useOutputTimes(session, name, axis.from);
  const marks = useMemo(() => outputMarks(times, axis, parts), [times, axis]);
  if (marks.length === 0) return null;
  const { short, long } = names[name];
  const onClick = ({ currentTarget, clientX, detail }: React.MouseEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    // A key has no place.
    const time = detail === 0 ? axis.from : timeAt(axis, (clientX - left) / Math.max(1, width));
    if (isRunning) showOutput(session, name);
    else showReplay(session, nearestMark(marks, time)?.time);
  };
  return (
    <>
      <button
        type="button"
        className="output-lane"
        data-output={name}
        aria-label={`${long}: show its output`}
        onClick={onClick}
      >
        <span className="output-marks" aria-hidden>
          {marks.map(({ time, bytes }) => (
            <span
              key={time}
              title={`${long}, at ${formatOffset(time - axis.from)}: ${formatBytes(bytes)}`}
              style={{ left: `${partOf(axis, time) * 100}%` }}
            />
          ))}
        </span>
      </button>
      <span className="output-name" aria-hidden>
        {short}
      </span>
    </>
  );
}
