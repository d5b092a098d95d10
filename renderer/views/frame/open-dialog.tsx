import { type FunctionComponent, useCallback, useEffect } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { AppError } from "../../../shared/errors/errors.ts";
import { library } from "../../state/connection/app-state.ts";
import { closeDialog, type NumberedDialog } from "../../state/messages/dialogs.ts";
import { sayError } from "../../state/messages/notices.ts";
import { CommandPalette } from "../../ui/command-palette.tsx";
import type { DialogsProps } from "./dialogs.tsx";

/** So long, in milliseconds, the window is left alone when it shows the library, before the dialogs are loaded. */
const preloadPause = 500;

/** All dialogs but the palette, into which a person types at once; absent until their script is loaded. */
const loaded = createStore<{ readonly Dialogs?: FunctionComponent<DialogsProps> }>(() => ({}));

async function loadDialogs(): Promise<void> {
  if (loaded.getState().Dialogs) return;
  const { Dialogs } = await import("./dialogs.tsx");
  loaded.setState({ Dialogs });
}

/** Loads the dialogs soon after the first view, so that they open at once. @returns a function that cancels it */
export function preloadDialogs(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    // A failure now is reported when a dialog is opened.
    if (library.getState().value)
      timer ??= setTimeout(() => void loadDialogs().catch(() => {}), preloadPause);
  };
  const unsubscribe = library.subscribe(look);
  look();
  return () => {
    unsubscribe();
    clearTimeout(timer);
  };
}

/** The dialog that is open. */
export function OpenDialog({ open }: { readonly open: NumberedDialog }) {
  const { number } = open;
  const onClose = useCallback(() => closeDialog(number), [number]);
  const Dialogs = useStore(loaded, (state) => state.Dialogs);
  useEffect(() => {
    loadDialogs().catch((cause) => {
      onClose();
      sayError(notLoaded(cause));
    });
  }, [onClose]);
  if (open.name === "palette") return <CommandPalette onClose={onClose} />;
  return Dialogs && <Dialogs open={open} onClose={onClose} />;
}

function notLoaded(cause: unknown): AppError {
  return new AppError(
    {
      code: "internal",
      message: "the script of the dialogs can't be loaded",
      advice: "Reload the window.",
    },
    { cause },
  );
}
