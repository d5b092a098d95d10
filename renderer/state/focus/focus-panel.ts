import type { IDockviewPanel } from "dockview-react";
import { activate, activePanel, panelsInOrder } from "../layout/all-panels.ts";
import { type LonePanel, showPanel } from "../layout/panels.ts";

/**
 * The element that a person most likely wants to use in a panel: a text field, a list's row, else the first control.
 */
const wanted = [
  // A build's console is the guest's: nobody types into it unasked.
  ".build .log",
  ".xterm-helper-textarea",
  ".pair-list",
  ".cm-content",
  ".set-chosen .set-name",
  ".set-name, .session-open",
  "button, input, select, textarea, a, [tabindex='0']",
];

/** Moves the focus to the next or the previous panel. */
export function focusPanel(direction: "next" | "previous"): void {
  const panels = panelsInOrder();
  const active = activePanel();
  const at = active ? panels.indexOf(active) : -1;
  const step = direction === "next" ? 1 : -1;
  const panel = panels.at((at + step) % panels.length);
  if (!panel) return;
  activate(panel);
  enter(panel);
}

/** Shows the panel of a kind that has only one, and moves the focus into it. */
export function enterPanel(kind: LonePanel): void {
  showPanel(kind);
  enterActivePanel();
}

/** Moves the focus into the active panel. */
export function enterActivePanel(): void {
  const panel = activePanel();
  if (panel) enter(panel);
}

/** Frames in which a panel that has just been opened is drawn, at the latest. */
const mostFrames = 30;

function enter(panel: IDockviewPanel, frames = mostFrames): void {
  requestAnimationFrame(() => {
    const content = panel.view.content.element;
    const found = wanted.map((what) => content.querySelector<HTMLElement>(what)).find((one) => one);
    if (found) found.focus();
    else if (frames > 1 && panel === activePanel()) enter(panel, frames - 1);
  });
}
