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

interface ContextMenuProps {
  /** Pixels from the window's corner. */
  readonly x: number;
  readonly y: number;
  readonly label: string;
  /** The element that the menu belongs to: it has the focus afterwards, if it is still there. */
  readonly owner: HTMLElement;
  readonly onClose: () => void;
  /** Called when it is gone, and the focus is back. */
  readonly onClosed: () => void;
  readonly children: ReactNode;
}

/** A menu that is open at a point, as the secondary button of a mouse opens it. */
export function ContextMenu({ x, y, label, owner, onClose, onClosed, children }: ContextMenuProps) {
  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <Radix.Trigger asChild>
        <span style={{ position: "fixed", left: x, top: y }} />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className="menu"
          aria-label={label}
          collisionPadding={8}
          align="start"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (owner.isConnected) owner.focus();
            onClosed();
          }}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  readonly onSelect: () => void;
  readonly keys?: string | undefined;
  /** The reason why it can't be chosen now, shown below it; undefined when it can. */
  readonly disabledReason?: string | undefined;
  readonly children: ReactNode;
}

export function MenuItem({ onSelect, keys, disabledReason, children }: MenuItemProps) {
  return (
    <Radix.Item
      className="menu-item"
      // Radix passes over an item that it disables itself, whose reason could then not be heard.
      aria-disabled={disabledReason !== undefined}
      onSelect={disabledReason === undefined ? onSelect : (event) => event.preventDefault()}
    >
      <span className="menu-text">
        {children}
        {disabledReason !== undefined && <span className="menu-reason">{disabledReason}</span>}
      </span>
      {keys && <Keys of={keys} />}
    </Radix.Item>
  );
}

export const MenuLine = () => <Radix.Separator className="menu-line" />;
