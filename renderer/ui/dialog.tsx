import * as Radix from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "./button.tsx";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  /** What it is about, below the title. */
  readonly description?: string;
  readonly onClose: () => void;
  readonly children?: ReactNode;
  /** Buttons, the one that does it last. */
  readonly actions?: ReactNode;
}

/** The first thing that one would type into or choose, else the button that does it: not the one that closes. */
function focusFirstControl(event: Event): void {
  const dialog = event.currentTarget;
  if (!(dialog instanceof HTMLElement)) return;
  const control = dialog.querySelector<HTMLElement>(".dialog-body :is(input, select, textarea)");
  const button = dialog.querySelector<HTMLElement>(".dialog-actions .button:last-child");
  (control ?? button)?.focus();
  event.preventDefault();
}

/** A window in the window; Escape and a click beside it close it, and the focus goes back to where it was. */
export function Dialog({ title, description, onClose, children, actions }: DialogProps) {
  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <Radix.Portal container={document.fullscreenElement}>
        <Radix.Overlay className="dialog-backdrop" />
        <Radix.Content
          className="dialog"
          onOpenAutoFocus={focusFirstControl}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className="dialog-head">
            <Radix.Title className="dialog-title">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton icon={X} label="Close" keys="Esc" />
            </Radix.Close>
          </header>
          {description && <Radix.Description className="dialog-text">{description}</Radix.Description>}
          {children && <div className="dialog-body">{children}</div>}
          {actions && <footer className="dialog-actions">{actions}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
