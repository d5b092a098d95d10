import { type ReactNode, useRef } from "react";
import { useStore } from "zustand";
import { windowState } from "../../state/connection/window-state.ts";
import { classNames } from "../../ui/class-names.ts";
import { WidthGrip } from "../../ui/rows/width-grip.tsx";

interface ImageBodyProps {
  /** By which the width of the list is remembered. */
  readonly column: string;
  readonly className?: string;
  readonly list: ReactNode;
  readonly detail: ReactNode;
}

/** A list of files with the details of the chosen one beside it, or below it where there is no room. */
export function ImageBody({ column, className, list, detail }: ImageBodyProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useStore(windowState, ({ columns }) => columns?.[column]);
  return (
    <div
      className={classNames("image-body", className)}
      ref={box}
      style={{ "--width-list": `${width ?? 0}px` } as React.CSSProperties}
    >
      <div className="image-list" data-sized={width === undefined ? undefined : true}>
        {list}
      </div>
      <WidthGrip
        column={column}
        name="the list of files"
        className="image-grip"
        measure={() => box.current?.querySelector<HTMLElement>(".image-list")?.offsetWidth ?? 0}
      />
      {detail}
    </div>
  );
}
