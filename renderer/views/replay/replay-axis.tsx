import { ChevronFirst, ChevronLast, Pause, Play } from "lucide-react";
import { useMemo } from "react";
import { formatOffset } from "../../../shared/text/format.ts";
import { outlineOf } from "../../state/exchanges/density.ts";
import { ticksOn } from "../../state/exchanges/time-span.ts";
import { activity } from "../../state/replay/axis.ts";
import type { Recording } from "../../state/replay/recording.ts";
import {
  pause,
  play,
  type Replay,
  type Speed,
  seek,
  setSpeed,
  speeds,
  step,
} from "../../state/replay/replay.ts";
import { IconButton } from "../../ui/button.tsx";
import { AxisLabels } from "../action-log/waterfall/axis-labels.tsx";

interface ReplayAxisProps {
  readonly session: string;
  readonly recording: Recording;
  readonly replay: Replay;
}

/** Bars of activity on the axis. */
const bars = 200;
/** Times on the axis. */
const mostLabels = 8;
/** An arrow key on the axis goes so far, in milliseconds. */
const keyStep = 100;

/** The axis of a replay: when something happened, the time that is shown, and the buttons that play it. */
export function ReplayAxis({ session, recording, replay }: ReplayAxisProps) {
  const { start, end, moments } = recording;
  const { time, isPlaying, speed } = replay;
  const axis = useMemo(() => ({ from: start, to: end }), [start, end]);
  const ticks = useMemo(() => ticksOn(axis, start, mostLabels), [axis, start]);
  return (
    <footer className="replay-controls">
      <IconButton icon={ChevronFirst} label="Previous change" onClick={() => step(session, "previous")} />
      <IconButton
        icon={isPlaying ? Pause : Play}
        label={isPlaying ? "Pause" : "Play"}
        onClick={() => (isPlaying ? pause : play)(session)}
      />
      <IconButton icon={ChevronLast} label="Next change" onClick={() => step(session, "next")} />
      <select
        aria-label="Speed"
        value={speed}
        onChange={({ target }) => setSpeed(session, Number(target.value) as Speed)}
      >
        {speeds.map((one) => (
          <option key={one} value={one}>
            {one}×
          </option>
        ))}
      </select>
      <div className="replay-axis">
        <Activity moments={moments} start={start} end={end} />
        <div className="replay-ticks" aria-hidden>
          <AxisLabels axis={axis} ticks={ticks} />
        </div>
        <input
          type="range"
          aria-label="Time in the session"
          aria-valuetext={`${formatOffset(time - start)} of ${formatOffset(end - start)}`}
          min={0}
          max={Math.max(1, end - start)}
          step={keyStep}
          value={time - start}
          onChange={({ target }) => {
            pause(session);
            seek(session, start + Number(target.value));
          }}
        />
      </div>
      <output className="replay-time">
        {formatOffset(time - start)} of {formatOffset(end - start)}
      </output>
    </footer>
  );
}

function Activity({ moments, start, end }: Pick<Recording, "moments" | "start" | "end">) {
  const outline = useMemo(() => {
    const counts = activity(moments, { start, end }, bars);
    return outlineOf(counts, Math.max(...counts));
  }, [moments, start, end]);
  return (
    <svg className="replay-activity" viewBox={`0 0 ${bars} 1`} preserveAspectRatio="none" aria-hidden>
      <path d={outline} />
    </svg>
  );
}
