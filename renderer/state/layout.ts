import { currentDock, hasMiddle, showFilePanel, showPanel } from "./panels.ts";
import { findSession, showSession } from "./session-panels.ts";

const storageKey = "tinsmith.layout";

/** Puts the panels where they were, or, the first time, where they belong; and remembers where they are put. */
export function restoreLayout(): void {
  const dock = currentDock();
  if (!dock) return;
  const stored = localStorage.getItem(storageKey);
  if (!stored || !tryLayout(stored)) resetLayout();
  dock.onDidRemovePanel(() =>
    // Not in the middle of a change of all panels.
    queueMicrotask(() => {
      if (!hasMiddle()) showPanel("welcome");
    }),
  );
  dock.onDidLayoutChange(() => localStorage.setItem(storageKey, JSON.stringify(dock.toJSON())));
}

/** Puts the panels where they belong; sessions and files that had one are shown again. */
export function resetLayout(): void {
  const dock = currentDock();
  if (!dock) return;
  const shown = new Set(dock.panels.flatMap(({ params }) => params?.session ?? []));
  const files = new Set(dock.panels.flatMap(({ params }) => params?.file ?? []));
  dock.clear();
  showPanel("welcome");
  showPanel("library");
  showPanel("sessions");
  showPanel("library");
  for (const session of [...shown].map(findSession)) if (session) showSession(session);
  for (const file of files) showFilePanel(file);
}

/** A layout that an older version stored may not fit any more. */
function tryLayout(stored: string): boolean {
  try {
    currentDock()?.fromJSON(JSON.parse(stored));
    return true;
  } catch {
    return false;
  }
}
