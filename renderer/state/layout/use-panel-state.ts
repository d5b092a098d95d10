import type { DockviewPanelApi } from "dockview-react";
import { useEffect, useState } from "react";

/** Whether a panel is the one that is worked in, and whether it can be seen. */
export function usePanelState(panel: DockviewPanelApi) {
  const [isActive, setActive] = useState(panel.isActive);
  const [isVisible, setVisible] = useState(panel.isVisible);
  useEffect(() => {
    const listeners = [
      panel.onDidActiveChange(({ isActive }) => setActive(isActive)),
      panel.onDidVisibilityChange(({ isVisible }) => setVisible(isVisible)),
    ];
    setActive(panel.isActive);
    setVisible(panel.isVisible);
    return () => {
      for (const listener of listeners) listener.dispose();
    };
  }, [panel]);
  return { isActive, isVisible };
}
