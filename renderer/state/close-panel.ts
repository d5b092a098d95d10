import type { DockviewPanelApi, IDockviewPanel } from "dockview-react";
import { openDialog } from "./dialogs.ts";
import { isFileChanged } from "./open-files.ts";
import { currentDock } from "./panels.ts";

/** Closes a panel; one with a file that is not saved asks first. */
export function closePanel({
  api,
  params,
}: {
  api: DockviewPanelApi;
  params?: IDockviewPanel["params"];
}): void {
  const file: string | undefined = params?.file;
  if (file !== undefined && isFileChanged(file))
    openDialog({ name: "unsaved", file, close: () => api.close() });
  else api.close();
}

export function closeActivePanel(): void {
  const panel = currentDock()?.activePanel;
  if (panel) closePanel(panel);
}
