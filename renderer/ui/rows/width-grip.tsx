import { useRef } from "react";
import { useStore } from "zustand";
import { maxColumnWidth } from "../../../shared/app/window-state.ts";
import { windowState } from "../../state/connection/window-state.ts";
import { setColumnWidth } from "../../state/layout/column-widths.ts";
import { classNames } from "../class-names.ts";
import "./width-grip.css";

/** Pixels that a key changes a width by. */
const step = 8;
const bigStep = 40;

interface WidthGripProps {
  /** By which its width is remembered. */
  readonly column: string;
  /** For people. */
  readonly name: string;
  readonly className?: string | undefined;
  readonly style?: React.CSSProperties;
  /** The width that the column has now. */
  readonly measure: () => number;
}

/** The right edge of a column: drag it, or use the arrow keys on it; a double click gives the usual width. */
export function WidthGrip({ column, name, className, style, measure }: WidthGripProps) {
  const width = useStore(windowState, ({ columns }) => columns?.[column]) ?? 0;
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
      className={classNames("width-grip", className)}
      style={style}
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
