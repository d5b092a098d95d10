import { currentDock } from "./panels.ts";

/** What a person most likely wants to use in a panel: a text that is typed into, else what comes first. */
const wanted = [
  ".xterm-helper-textarea",
  ".cm-content",
  "button, input, select, textarea, a, [tabindex='0']",
];

/** Goes to the next or the previous panel, and into it. */
export function focusPanel(direction: "next" | "previous"): void {
  const dock = currentDock();
  const panels = dock?.groups.flatMap((group) => group.panels) ?? [];
  const active = panels.findIndex(({ id }) => id === dock?.activePanel?.id);
  const step = direction === "next" ? 1 : -1;
  panels.at((active + step) % panels.length)?.api.setActive();
  // It is drawn by then.
  requestAnimationFrame(() => {
    const content = document.querySelector(".dv-active-group .dv-content-container");
    const found = wanted.map((what) => content?.querySelector<HTMLElement>(what)).find((one) => one);
    found?.focus();
  });
}
