import * as Radix from "@radix-ui/react-tooltip";
import { type FocusEvent, type ReactElement, useState } from "react";
import { usedPointerLast } from "./last-input.ts";
import "./tooltip.css";
import { Keys } from "./keys.tsx";

/**
 * Shows a control's effect when the pointer rests on it or the keyboard reaches it; nothing while there is no text.
 */
export function Tooltip(props: {
  readonly text: string | undefined;
  readonly keys?: string | undefined;
  readonly children: ReactElement;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Radix.Root
      delayDuration={400}
      open={isOpen && props.text !== undefined}
      onOpenChange={setOpen}
      disableHoverableContent
    >
      <Radix.Trigger asChild onFocus={keepClosedAfterPointer}>
        {props.children}
      </Radix.Trigger>
      <Radix.Portal container={document.fullscreenElement}>
        <Radix.Content
          className="tooltip"
          // In a dialog Radix would have it take the pointer.
          style={{ pointerEvents: "none" }}
          sideOffset={4}
          collisionPadding={8}
        >
          {props.text}
          {props.keys && <Keys of={props.keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A menu or a dialog gives the focus back when it closes: if the pointer closed it, a tooltip would stay open there. */
function keepClosedAfterPointer(event: FocusEvent): void {
  if (usedPointerLast()) event.preventDefault();
}

export const TooltipProvider = Radix.Provider;
