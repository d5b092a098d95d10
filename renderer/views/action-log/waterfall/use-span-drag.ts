import { type PointerEvent, type RefObject, useRef, useState } from "react";
import { movedBy, partOf, type Span, spanBetween, timeAt } from "../../../state/exchanges/time-span.ts";

/** The part of the span that a drag changes; `new` makes another one. */
type Grip = "from" | "to" | "all" | "new";

interface Drag {
  readonly grip: Grip;
  /** The time below the pointer when it began. */
  readonly begun: number;
  readonly before: Span;
}

/** The part of the axis that a drag must cover to choose a span; less is a click. */
const leastDrag = 0.005;

/** Lets a pointer choose a span on an axis: drag over it, move the span, or move one of its ends. */
export function useSpanDrag(
  box: RefObject<HTMLDivElement | null>,
  axis: Span,
  span: Span | undefined,
  onSpan: (span: Span | undefined) => void,
) {
  const drag = useRef<Drag>(undefined);
  const [isDragging, setDragging] = useState(false);
  const timeOf = ({ clientX }: PointerEvent) => {
    const { left = 0, width = 1 } = box.current?.getBoundingClientRect() ?? {};
    return timeAt(axis, (clientX - left) / Math.max(1, width));
  };
  return {
    isDragging,
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      const grip = gripOf(event.target, span);
      drag.current = { grip, begun: timeOf(event), before: span ?? axis };
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragging(true);
    },
    onPointerMove: (event: PointerEvent) => {
      const { grip, begun, before } = drag.current ?? {};
      if (grip === undefined || begun === undefined || !before) return;
      const now = timeOf(event);
      if (grip === "all") onSpan(movedBy(axis, before, now - begun));
      else if (grip === "from") onSpan(spanBetween(axis, now, before.to));
      else if (grip === "to") onSpan(spanBetween(axis, before.from, now));
      else if (Math.abs(partOf(axis, now) - partOf(axis, begun)) > leastDrag)
        onSpan(spanBetween(axis, begun, now));
    },
    onPointerUp: () => {
      drag.current = undefined;
      setDragging(false);
    },
  };
}

function gripOf(target: EventTarget, span: Span | undefined): Grip {
  const grip = target instanceof HTMLElement ? target.closest<HTMLElement>("[data-grip]") : null;
  const { grip: name } = grip?.dataset ?? {};
  if (name === "from" || name === "to") return name;
  return name === "all" && span ? "all" : "new";
}
