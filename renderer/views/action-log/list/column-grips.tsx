import { useRef } from "react";
import { classNames } from "../../../ui/class-names.ts";
import { WidthGrip } from "../../../ui/rows/width-grip.tsx";

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

/** The right edges of the columns. */
export function ColumnGrips() {
  const grid = useRef<HTMLDivElement>(null);
  return (
    <div className="exchange-grips" ref={grid}>
      {grips.map(([column, name, className]) => (
        <WidthGrip
          key={column}
          column={column}
          name={name}
          className={classNames("exchange-grip", className)}
          style={{ gridColumn: column }}
          measure={() => trackWidth(grid.current, column)}
        />
      ))}
    </div>
  );
}

/** Pixels of a grid's column. @param column the name of the line at which it begins */
function trackWidth(grid: HTMLElement | null, column: string): number {
  const tracks = grid ? getComputedStyle(grid).gridTemplateColumns.matchAll(/\[([^\]]*)\] ([\d.]+)px/g) : [];
  for (const [, names = "", pixels] of tracks) if (names.split(" ").includes(column)) return Number(pixels);
  return 0;
}
