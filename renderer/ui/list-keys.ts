import type { KeyboardEvent } from "react";

/** Moves the focus from row to row of a list by the arrow keys, Home and End. @param rows selects what takes the focus */
export function moveInList(event: KeyboardEvent<HTMLElement>, rows: string): void {
  const { currentTarget, target, key } = event;
  // Events of a menu or dialog of the list arrive here, too.
  if (!(target instanceof HTMLElement) || !currentTarget.contains(target)) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const all = [...currentTarget.querySelectorAll<HTMLElement>(rows)];
  const found = all.indexOf(target);
  const at = found >= 0 ? found : all.findIndex((row) => row.parentElement === target.parentElement);
  const isText = target.matches("input:not([type=checkbox])");
  const next = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), Home: 0, End: all.length - 1 }[key];
  if (next === undefined || (isText && key !== "ArrowDown")) return;
  event.preventDefault();
  event.stopPropagation();
  all[Math.min(next, all.length - 1)]?.focus();
}
