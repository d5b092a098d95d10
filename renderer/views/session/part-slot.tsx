import { useLayoutEffect, useRef } from "react";
import { openPart, placePart } from "../../state/layout/open-parts.ts";
import { type Part, partId } from "../../state/layout/parts.ts";
import { leavePart } from "../../state/layout/session-docks.ts";

interface PartSlotProps {
  readonly part: Part;
  readonly isActive: boolean;
  readonly isVisible: boolean;
}

/** The current place of a part. The part's element moves with it from one slot to another. */
export function PartSlot({ part, isActive, isVisible }: PartSlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const id = partId(part);
  useLayoutEffect(() => {
    box.current?.append(openPart(part));
    // When it moves, it is in its new place by then.
    return () => queueMicrotask(() => leavePart(part));
  }, [id]);
  useLayoutEffect(() => placePart(id, { isActive, isVisible }), [id, isActive, isVisible]);
  return <div className="part-slot" ref={box} />;
}
