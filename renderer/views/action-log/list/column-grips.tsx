import { useRef } from "react";
import { maxColumnWidth } from "../../../../shared/app/window-state.ts";
import { setColumnWidth } from "../../../state/exchanges/column-widths.ts";
import { classNames } from "../../../ui/class-names.ts";

/** The columns that can be widened, by the names of the grid's lines, and the classes that show and hide them. */
const grips: readonly (readonly [column: string, name: string, className?: string])[] = [
  ["time", "Start", "exchange-time"],
  ["what", "Request"],
  ["status", "Status"],
  ["size", "Size", "exchange-size"],
  ["sent", "Sent", "exchange-bytes"],
  ["received", "Received", "exchange-bytes"],
  ["took", "Took"],
  ["waiting", "Waiting", "exchange-part"],
  ["working", "Working", "exchange-part"],
];

/** Pixels that a key changes a width by. */
const step = 8;
const bigStep = 40;

/** The right edges of the columns: drag one, or use the arrow keys on it; a double click gives the usual width. */
export function ColumnGrips({ widths }: { readonly widths: Readonly<Record<string, number>> }) {
  const grid = useRef<HTMLDivElement>(null);
  return (
    <div className="exchange-grips" ref={grid}>
      {grips.map(([column, name, className]) => (
        <ColumnGrip
          key={column}
          column={column}
          name={name}
          className={className}
          width={widths[column] ?? 0}
          measure={() => trackWidth(grid.current, column)}
        />
      ))}
    </div>
  );
}

interface ColumnGripProps {
  readonly column: string;
  readonly name: string;
  readonly className: string | undefined;
  /** As a person has chosen it; 0 for the usual width. */
  readonly width: number;
  /** The width that the column has now. */
  readonly measure: () => number;
}

function ColumnGrip({ column, name, className, width, measure }: ColumnGripProps) {
  const drag = useRef<{ readonly x: number; readonly width: number }>(undefined);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const by = event.shiftKey ? bigStep : step;
    if (event.key === "ArrowLeft") setColumnWidth(column, measure() - by);
    else if (event.key === "ArrowRight") setColumnWidth(column, measure() + by);
    else if (event.key === "Enter" || event.key === "Home") setColumnWidth(column, undefined);
    else return;
    event.preventDefault();
  };
  return (
    <span
      className={classNames("exchange-grip", className)}
      style={{ gridColumn: column }}
      role="slider"
      tabIndex={0}
      aria-label={`Width of ${name}`}
      aria-valuemin={0}
      aria-valuemax={maxColumnWidth}
      aria-valuenow={width}
      aria-valuetext={width === 0 ? "as usual" : `${width} pixels`}
      title={`Drag to widen ${name}. Double-click for the usual width.`}
      onKeyDown={onKeyDown}
      onDoubleClick={() => setColumnWidth(column, undefined)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.current = { x: event.clientX, width: measure() };
      }}
      onPointerMove={({ clientX }) => {
        if (drag.current) setColumnWidth(column, drag.current.width + clientX - drag.current.x);
      }}
      onLostPointerCapture={() => {
        drag.current = undefined;
      }}
    />
  );
}

/** Pixels of a grid's column. @param column the name of the line at which it begins */
function trackWidth(grid: HTMLElement | null, column: string): number {
  const tracks = grid ? getComputedStyle(grid).gridTemplateColumns.matchAll(/\[([^\]]*)\] ([\d.]+)px/g) : [];
  for (const [, names = "", pixels] of tracks) if (names.split(" ").includes(column)) return Number(pixels);
  return 0;
}
