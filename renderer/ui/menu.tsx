import * as Radix from "@radix-ui/react-dropdown-menu";
import type { ReactElement, ReactNode } from "react";
import { Keys } from "./keys.tsx";
import "./menu.css";

/** A menu that opens below its button. */
export function Menu({ button, children }: { readonly button: ReactElement; readonly children: ReactNode }) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{button}</Radix.Trigger>
      <Radix.Portal container={document.fullscreenElement}>
        <Radix.Content className="menu" sideOffset={4} collisionPadding={8} align="start">
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  readonly onSelect: () => void;
  readonly keys?: string | undefined;
  readonly disabled?: boolean;
  readonly children: ReactNode;
}

export function MenuItem({ onSelect, keys, disabled = false, children }: MenuItemProps) {
  return (
    <Radix.Item className="menu-item" onSelect={onSelect} disabled={disabled}>
      <span>{children}</span>
      {keys && <Keys of={keys} />}
    </Radix.Item>
  );
}

export const MenuLine = () => <Radix.Separator className="menu-line" />;
