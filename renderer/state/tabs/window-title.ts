import { currentDock } from "../layout/panels.ts";

const ownName = "Tinsmith";

/** Names the window after the panel in front, for the task bar and for screen readers. */
export function nameWindow(): void {
  const dock = currentDock();
  if (!dock) return;
  let listening: { dispose(): void } | undefined;
  const name = () => {
    const title = dock.activePanel?.title;
    document.title = title ? `${title} – ${ownName}` : ownName;
  };
  dock.onDidActivePanelChange(() => {
    listening?.dispose();
    listening = dock.activePanel?.api.onDidTitleChange(name);
    name();
  });
  name();
}
