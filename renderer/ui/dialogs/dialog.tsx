import * as Asking from "@radix-ui/react-alert-dialog";
import * as Plain from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { noteDialog } from "../../state/messages/top-layer.ts";
import { IconButton } from "../button.tsx";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  /** The dialog's subject, below the title. */
  readonly description?: string | undefined;
  /** It asks before something is lost: a click beside it does not close it. */
  readonly asks?: boolean;
  readonly onClose: () => void;
  readonly children?: ReactNode;
  /** Buttons, the one that does it last. */
  readonly actions?: ReactNode;
}

/**
 * The element with `data-focus-first`, else the first field or choice, else the button that performs the action:
 * never one that deletes something, nor the one that closes.
 */
function focusFirstControl(event: Event): void {
  const dialog = event.currentTarget;
  if (!(dialog instanceof HTMLElement)) return;
  const wanted = dialog.querySelector<HTMLElement>("[data-focus-first]");
  const control = dialog.querySelector<HTMLElement>(".dialog-body :is(input, select, textarea):enabled");
  const buttons = [
    ...dialog.querySelectorAll<HTMLElement>(
      ".dialog-actions .button:enabled:not(.button-danger, [aria-disabled])",
    ),
  ];
  (wanted ?? control ?? buttons.at(-1))?.focus();
  event.preventDefault();
}

/** Lets a person scroll content by keyboard that has no element which takes the focus. */
function takeFocusIfNothingElseDoes(body: HTMLDivElement | null): void {
  if (body && !body.querySelector(":is(input, select, textarea, button):enabled, a[href]")) body.tabIndex = 0;
}

/** A window in the window; Escape and a click beside it close it, and the focus returns to its former place. */
export function Dialog({ title, description, asks = false, onClose, children, actions }: DialogProps) {
  const Radix = asks ? Asking : Plain;
  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <Radix.Portal container={document.fullscreenElement}>
        <Radix.Overlay className="dialog-backdrop" />
        <Radix.Content
          ref={noteDialog}
          className="dialog"
          onOpenAutoFocus={focusFirstControl}
          // Radix has Escape close what opened last, which may be a toast: here it is for what has the focus.
          onEscapeKeyDown={(event) => event.preventDefault()}
          onKeyDown={({ key }) => {
            if (key === "Escape") onClose();
          }}
          {...(description ? {} : { "aria-describedby": undefined })}
        >
          <header className="dialog-head">
            <Radix.Title className="dialog-title">{title}</Radix.Title>
            <IconButton icon={X} label="Close" keys="Esc" onClick={onClose} />
          </header>
          {description && <Radix.Description className="dialog-text">{description}</Radix.Description>}
          {children && (
            <div className="dialog-body" ref={takeFocusIfNothingElseDoes}>
              {children}
            </div>
          )}
          {actions && <footer className="dialog-actions">{actions}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
