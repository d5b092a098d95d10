/** The places where a person types, or is asked something. */
const busyPlaces = "input, textarea, select, [contenteditable='true'], [role='dialog'], [role='menu']";

/** Whether a panel may take the keyboard by itself: not from one who types elsewhere, or answers a dialog. */
export function mayTakeFocus(): boolean {
  return document.hasFocus() && !document.activeElement?.closest(busyPlaces);
}
