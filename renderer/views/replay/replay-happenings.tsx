import { memo, useEffect, useRef } from "react";
import { escapeName } from "../../../shared/text/escape-name.ts";
import { formatLatency, formatOffset } from "../../../shared/text/format.ts";
import { countUntil } from "../../state/replay/axis.ts";
import type { Happening } from "../../state/replay/happenings.ts";
import type { Recording } from "../../state/replay/recording.ts";
import { pause, seek } from "../../state/replay/replay.ts";
import { classNames } from "../../ui/class-names.ts";

interface ReplayHappeningsProps {
  readonly session: string;
  readonly recording: Recording;
  readonly times: readonly number[];
  readonly time: number;
}

/** How many are drawn before and after the last one that has happened. */
const around = { before: 60, after: 40 };

const kinds: Readonly<Record<Happening["kind"], string>> = {
  exchange: "Exchange",
  action: "Action",
  rule: "Rule",
  machine: "VM",
  progress: "Log",
};

/** The happenings of a session: those before the time that is shown, and, paler, those after it. A click goes to its time. */
export function ReplayHappenings({ session, recording, times, time }: ReplayHappeningsProps) {
  const { happenings, start } = recording;
  const reached = countUntil(times, time);
  const last = useRef<HTMLLIElement>(null);
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const box = list.current;
    if (!box) return;
    const keepInView = () => {
      // The row's own way to come into view would also scroll the panes.
      const top = last.current?.offsetTop ?? 0;
      if (top < box.scrollTop) box.scrollTop = top;
      const below = top + (last.current?.offsetHeight ?? 0) - box.clientHeight;
      if (below > box.scrollTop) box.scrollTop = below;
    };
    keepInView();
    const resizes = new ResizeObserver(keepInView);
    resizes.observe(box);
    return () => resizes.disconnect();
  }, [reached]);
  const first = Math.max(0, reached - around.before);
  const shown = happenings.slice(first, reached + around.after);
  return (
    <section className="replay-happenings" aria-label="Events">
      <h2>Events</h2>
      <ol ref={list}>
        {shown.map((happening, index) => {
          const number = first + index;
          return (
            // A row is filled again for another time, which costs less than a new one.
            <li key={number % (around.before + around.after)} ref={number === reached - 1 ? last : undefined}>
              <HappeningRow
                happening={happening}
                start={start}
                state={stateAt(happening, time)}
                isLast={number === reached - 1}
                onClick={() => {
                  pause(session);
                  seek(session, happening.time);
                }}
              />
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** How far a happening had got by a time; also what its row shows of it. */
function stateAt({ time: begun, end, reply }: Happening, time: number): string {
  if (time < begun) return "later";
  if (end !== undefined && time >= end)
    return reply ? `${reply.status}, ${formatLatency(end - begun)}` : "cut";
  if (reply && time >= reply.time) return `${reply.status}…`;
  return end === undefined && !reply ? "" : "…";
}

interface HappeningRowProps {
  readonly happening: Happening;
  readonly start: number;
  readonly state: string;
  readonly isLast: boolean;
  readonly onClick: () => void;
}

const HappeningRow = memo(
  ({ happening, start, state, isLast, onClick }: HappeningRowProps) => (
    <button
      type="button"
      className={classNames("replay-happening", state === "later" && "replay-later")}
      aria-current={isLast || undefined}
      onClick={onClick}
    >
      <time>{formatOffset(happening.time - start)}</time>
      <span className="replay-kind">{kinds[happening.kind]}</span>
      <span className={classNames("replay-text", happening.isBad && "replay-bad")}>
        {escapeName(happening.text)}
      </span>
      <span className="replay-state">{state === "later" ? "" : state}</span>
    </button>
  ),
  // A click goes to the same time, whenever the row was drawn.
  (one, other) =>
    one.happening === other.happening && one.state === other.state && one.isLast === other.isLast,
);
