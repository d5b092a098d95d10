import * as Radix from "@radix-ui/react-tooltip";
import type { ReactElement } from "react";
import "./tooltip.css";
import { Keys } from "./keys.tsx";

/** Shows what a control does when the pointer rests on it or the keyboard reaches it. */
export function Tooltip(props: {
  readonly text: string;
  readonly keys?: string | undefined;
  readonly children: ReactElement;
}) {
  return (
    <Radix.Root delayDuration={400}>
      <Radix.Trigger asChild>{props.children}</Radix.Trigger>
      <Radix.Portal container={document.fullscreenElement}>
        <Radix.Content className="tooltip" sideOffset={4} collisionPadding={8}>
          {props.text}
          {props.keys && <Keys of={props.keys} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export const TooltipProvider = Radix.Provider;
