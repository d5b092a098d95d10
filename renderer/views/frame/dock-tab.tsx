import type { IDockviewPanelHeaderProps } from "dockview-react";
import { X } from "lucide-react";
import { useEffect, useState } from "react";

/** A panel's tab. The cross in it is for the pointer; from the keyboard a panel is closed by a command. */
export function DockTab({ api }: IDockviewPanelHeaderProps) {
  const [title, setTitle] = useState(api.title);
  useEffect(() => {
    const listening = api.onDidTitleChange((change) => setTitle(change.title));
    return () => listening.dispose();
  }, [api]);
  return (
    <span className="dock-tab">
      {title}
      <span
        className="dock-tab-close"
        title="Close"
        aria-hidden
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => api.close()}
      >
        <X size={14} />
      </span>
    </span>
  );
}
