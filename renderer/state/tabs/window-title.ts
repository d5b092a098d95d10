import { formatCount } from "../../../shared/text/format.ts";
import { heldCounts, heldInAll } from "../breakpoints/held-counts.ts";
import { currentDock } from "../layout/panels.ts";

const ownName = "Tinsmith";

/**
 * Names the window after the panel in front, for the task bar and for screen readers. If breakpoints hold messages, that comes
 * first: the window may be behind others.
 */
export function nameWindow(): void {
  const dock = currentDock();
  if (!dock) return;
  let listening: { dispose(): void } | undefined;
  const name = () => {
    const title = dock.activePanel?.title;
    const held = heldInAll();
    document.title = [held > 0 && `${formatCount(held, "message")} held`, title, ownName]
      .filter(Boolean)
      .join(" – ");
  };
  heldCounts.subscribe(name);
  dock.onDidActivePanelChange(() => {
    listening?.dispose();
    listening = dock.activePanel?.api.onDidTitleChange(name);
    name();
  });
  name();
}
