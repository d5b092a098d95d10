import * as Radix from "@radix-ui/react-toast";
import { CircleCheck, CircleX, FolderOpen, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { useStore } from "zustand";
import { formatCount } from "../../../shared/text/format.ts";
import { app } from "../../client/api-client.ts";
import { runCommand } from "../../state/commands/commands.ts";
import {
  closeToast,
  pickShown,
  sayError,
  shownFor,
  type Toast,
  toasts,
} from "../../state/messages/notices.ts";
import { keepOnTop } from "../../state/messages/top-layer.ts";
import { Button, IconButton } from "../button.tsx";
import { ErrorText } from "./error-text.tsx";
import "./notice-list.css";

/** Messages in the corner, above everything and in the way of nothing; F8 leads to them. */
export function ToastList() {
  // One element for the whole time, which is moved: toasts that are created again would be read aloud again.
  const [host] = useState(() => document.createElement("div"));
  useEffect(() => keepOnTop(host), [host]);
  const open = useStore(toasts, (state) => state.open);
  const { shown, waiting } = pickShown(open);
  return (
    <Radix.Provider label="Notice" announcerContainer={host}>
      {shown.map((toast) => (
        <ToastItem key={keyOf(toast)} toast={toast} />
      ))}
      {waiting > 0 && (
        <ToastFrame className="toast-waiting" onClose={() => {}}>
          <p>{formatCount(waiting, "more notice")}</p>
          <Button look="quiet" onClick={() => runCommand("notices")}>
            Show all
          </Button>
        </ToastFrame>
      )}
      {createPortal(<Radix.Viewport className="toast-list" label="Notices ({hotkey})" />, host)}
    </Radix.Provider>
  );
}

/** A passing message is shown for its whole time again when it is repeated. */
function keyOf(toast: Toast): string {
  return shownFor(toast) === Number.POSITIVE_INFINITY ? `${toast.number}` : `${toast.number} ${toast.count}`;
}

function ToastItem({ toast }: { readonly toast: Toast }) {
  const { path, offer, count } = toast;
  const Icon = toast.kind === "error" ? CircleX : CircleCheck;
  const close = () => closeToast(toast.number);
  return (
    <ToastFrame
      className={`toast-${toast.kind}`}
      type={toast.kind === "error" ? "foreground" : "background"}
      duration={shownFor(toast)}
      onClose={close}
    >
      <Icon size={16} aria-hidden />
      {toast.error ? <ErrorText error={toast.error} /> : <p>{toast.text}</p>}
      <div className="toast-actions">
        {count > 1 && (
          <span className="toast-count" title={`Shown ${count} times`}>
            ×{count}
          </span>
        )}
        {path !== undefined && (
          <IconButton
            icon={FolderOpen}
            label="Open its folder"
            onClick={() => void app().reveal({ path }).catch(sayError)}
          />
        )}
        {offer && (
          <Button
            onClick={() => {
              close();
              offer.run();
            }}
          >
            {offer.label}
          </Button>
        )}
        <IconButton icon={X} label="Close this message" onClick={close} />
      </div>
    </ToastFrame>
  );
}

interface ToastFrameProps extends Radix.ToastProps {
  readonly className: string;
  readonly onClose: () => void;
}

function ToastFrame({ className, onClose, children, ...rest }: ToastFrameProps) {
  const isEscape = useRef(false);
  return (
    <Radix.Root
      open
      duration={Number.POSITIVE_INFINITY}
      {...rest}
      className={`toast ${className}`}
      // Its text can be selected; by default, Radix would swipe it away.
      onPointerDown={(event) => event.preventDefault()}
      // Over a dialog, too, which has the pointer to itself.
      style={{ pointerEvents: "auto", userSelect: "text", touchAction: "auto" }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
      // Radix has Escape close the newest toast wherever the focus is, also in a guest's terminal.
      onEscapeKeyDown={() => {
        isEscape.current = true;
      }}
      onOpenChange={(isOpen) => {
        if (!isOpen && !isEscape.current) onClose();
        isEscape.current = false;
      }}
    >
      {children}
    </Radix.Root>
  );
}
