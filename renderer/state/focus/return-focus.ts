import { dialogs } from "../messages/dialogs.ts";
import { enterActivePanel } from "./focus-panel.ts";

/** Elements that are there only for a moment. */
const passing = "[role=dialog], [role=alertdialog], [role=menu], .toast-list";

/**
 * Gives the focus back after dialogs. Each does that by itself only to what had it when it opened, and that may be
 * gone: a menu's item, the palette, or the row of what was deleted.
 *
 * @returns a function that ends it
 */
export function returnFocusAfterDialogs(): () => void {
  let last: HTMLElement | undefined;
  const onFocus = ({ target }: FocusEvent) => {
    if (target instanceof HTMLElement && !target.closest(passing)) last = target;
  };
  const giveBack = () => {
    if (dialogs.getState().open || document.activeElement !== document.body) return;
    if (last?.isConnected) last.focus();
    if (document.activeElement === document.body) enterActivePanel();
  };
  document.addEventListener("focusin", onFocus);
  const unsubscribe = dialogs.subscribe(({ open }) => {
    // The dialog has given the focus back by then, if it could.
    if (!open) requestAnimationFrame(() => setTimeout(giveBack));
  });
  return () => {
    document.removeEventListener("focusin", onFocus);
    unsubscribe();
  };
}
