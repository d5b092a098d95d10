import type { IDockviewPanel } from "dockview-react";

/**
 * Brings a panel to the front. Of one in front, only the group becomes the active one: the dock would put
 * the panel's content into the page again, and this would lose its focus and scroll positions.
 */
export function bringToFront({ api, group, id }: IDockviewPanel): void {
  if (group.activePanel?.id === id) group.api.setActive();
  else api.setActive();
}
