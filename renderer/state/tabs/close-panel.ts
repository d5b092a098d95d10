import type { IDockviewPanel, IDockviewPanelHeaderProps } from "dockview-react";
import { isFileChanged } from "../files/open-files.ts";
import { closeShell } from "../guest/closed-shells.ts";
import { activePanel, sessionTabOf } from "../layout/all-panels.ts";
import { closeWindowActionLog, putBack } from "../layout/pull-out.ts";
import { partOf } from "../layout/session-docks.ts";
import { openDialog } from "../messages/dialogs.ts";

/**
 * Closes a panel. One with a file that is not saved asks first; a part that was pulled out goes back into its session's
 * tab; a part that a session always has stays.
 */
export function closePanel(panel: IDockviewPanel): void {
  const { api, params } = panel;
  const part = partOf(panel);
  const file: string | undefined = params?.file;
  if (api.component === "action-log") closeWindowActionLog();
  else if (api.component === "part" && part) putBack(part);
  else if (file !== undefined && isFileChanged(file))
    openDialog({ name: "unsaved", file, close: () => api.close() });
  else if (canClose(panel)) {
    if (part?.instance) closeShell(part.instance);
    api.close();
  }
}

/** Closes the panel of a tab. */
export function closePanelOf({ api, containerApi }: IDockviewPanelHeaderProps): void {
  const panel = containerApi.getPanel(api.id);
  if (panel) closePanel(panel);
}

/** Whether a panel has a cross. */
export function canClose({ api }: Pick<IDockviewPanel, "api">): boolean {
  return !fixedParts.has(api.component);
}

/** In a session's tab. */
const fixedParts: ReadonlySet<string> = new Set(["build", "run", "serial", "screen", "exchanges", "files"]);

/** Closes the panel that is worked in: in a session's tab, a shell, or else the whole tab. */
export function closeActivePanel(): void {
  const panel = activePanel();
  if (panel) closePanel(canClose(panel) ? panel : (sessionTabOf(panel) ?? panel));
}
