import { Maximize2 } from "lucide-react";
import { useMemo, useRef } from "react";
import { formatLatency, formatOffset } from "../../../../shared/text/format.ts";
import type { BootPart } from "../../../state/exchanges/boot-path.ts";
import { densityOf, outlineOf } from "../../../state/exchanges/density.ts";
import type { SessionMark } from "../../../state/exchanges/session-marks.ts";
import { partOf, placeOn, type Span, ticksOn } from "../../../state/exchanges/time-span.ts";
import type { Exchange } from "../../../state/guest/exchanges.ts";
import type { LongList } from "../../../state/log/long-list.ts";
import { IconButton } from "../../../ui/button.tsx";
import { AxisLabels } from "./axis-labels.tsx";
import { OutputLane } from "./output-lane.tsx";
import "./overview.css";
import { SpanEnd } from "./span-end.tsx";
import { useSpanDrag } from "./use-span-drag.ts";

/** Columns of the picture: about one for each two pixels of a narrow panel. */
const columns = 160;

interface OverviewProps {
  readonly session: string;
  readonly boot: readonly BootPart[];
  readonly exchanges: LongList<Exchange>;
  readonly marks: readonly SessionMark[];
  /** The times of the requests for actions. */
  readonly actions: readonly number[];
  /** All of the session. */
  readonly axis: Span;
  readonly span: Span | undefined;
  readonly onSpan: (span: Span | undefined) => void;
}

/** The whole session on one axis: how many exchanges began when, and its marks. A span of it can be chosen. */
export function Overview({ session, boot, exchanges, marks, actions, axis, span, onSpan }: OverviewProps) {
  const box = useRef<HTMLDivElement>(null);
  const { isDragging, ...drag } = useSpanDrag(box, axis, span, onSpan);
  const { all, bad } = useMemo(() => densityOf(exchanges, axis, columns), [exchanges, axis]);
  const most = Math.max(...all);
  const chosen = span && placeOn(axis, span);
  const percent = (part: number) => `${part * 100}%`;
  return (
    <section
      className="overview"
      aria-label="Time axis"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !span) return;
        event.stopPropagation();
        onSpan(undefined);
      }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the ends of the span do the same from the keyboard. */}
      <div
        className="overview-box"
        ref={box}
        data-dragging={isDragging || undefined}
        {...drag}
        onDoubleClick={() => onSpan(undefined)}
      >
        <svg viewBox={`0 0 ${columns} 1`} preserveAspectRatio="none" aria-hidden>
          <path className="overview-all" d={outlineOf(all, most)} />
          <path className="overview-bad" d={outlineOf(bad, most)} />
        </svg>
        <div className="overview-ticks" aria-hidden>
          <AxisLabels axis={axis} ticks={ticksOn(axis, axis.from, 4)} />
        </div>
        {boot.map(({ name, stage, from, to }) => {
          const place = placeOn(axis, { from, to });
          return (
            place && (
              <span
                key={name}
                className="overview-boot"
                data-stage={stage}
                title={`${name}: ${formatLatency(to - from)}`}
                style={{ left: percent(place.start), width: percent(place.length) }}
              />
            )
          );
        })}
        {actions.map((time) => (
          <span key={time} className="overview-action" style={{ left: percent(partOf(axis, time)) }} />
        ))}
        {marks.map(({ number, time, kind, label }) => (
          <span
            key={number}
            className="overview-mark"
            data-kind={kind}
            role="img"
            aria-label={`${label}, at ${formatOffset(time - axis.from)}`}
            title={`${label}, at ${formatOffset(time - axis.from)}`}
            style={{ left: percent(partOf(axis, time)) }}
          />
        ))}
        {chosen && (
          <>
            <span className="overview-rest" style={{ left: 0, width: percent(chosen.start) }} />
            <span
              className="overview-chosen"
              data-grip="all"
              style={{ left: percent(chosen.start), width: percent(chosen.length) }}
            />
            <span
              className="overview-rest"
              style={{ left: percent(chosen.start + chosen.length), right: 0 }}
            />
          </>
        )}
        <SpanEnd end="from" axis={axis} span={span} onSpan={onSpan} />
        <SpanEnd end="to" axis={axis} span={span} onSpan={onSpan} />
      </div>
      <IconButton
        icon={Maximize2}
        label="Show the whole session"
        disabledReason={span ? undefined : "it is shown"}
        onClick={() => onSpan(undefined)}
      />
      <OutputLane session={session} name="serial" axis={axis} />
      <OutputLane session={session} name="task" axis={axis} />
    </section>
  );
}
