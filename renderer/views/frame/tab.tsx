import type { DockviewPanelApi } from "dockview-react";
import { type LucideIcon, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { formatCount } from "../../../shared/text/format.ts";
import { StateMark, type StateName } from "../../ui/state-mark.tsx";

interface TabProps {
  readonly api: DockviewPanelApi;
  readonly title: string;
  /** The full text, shown where the pointer rests. */
  readonly hint: string;
  /** For a panel that is of no single session. */
  readonly icon?: LucideIcon | undefined;
  /** The number of the colour of its session. */
  readonly mark?: number | undefined;
  /** The state of its session; shown unless the session succeeded. */
  readonly state?: { readonly state: StateName; readonly label: string } | undefined;
  readonly isUnsaved?: boolean;
  /** The number of held messages in it; not shown when it is 0. */
  readonly held?: number;
  readonly onClose?: () => void;
}

/** A panel's tab. The cross is for the pointer; from the keyboard a panel is closed by a command. */
export function Tab({
  api,
  title,
  hint,
  icon: Icon,
  mark,
  state,
  isUnsaved = false,
  held = 0,
  onClose,
}: TabProps) {
  const tab = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // The panels' library scrolls there before the tab has its name, and so its width.
    const keepInView = () => {
      if (title && api.isVisible)
        tab.current?.closest(".dv-tab")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    };
    // It calls back at once, and when the window or a neighbour leaves less room, or the tab needs more.
    const resizes = new ResizeObserver(keepInView);
    const strip = tab.current?.closest(".dv-tabs-container");
    if (strip) resizes.observe(strip);
    if (tab.current) resizes.observe(tab.current);
    const listening = api.onDidVisibilityChange(keepInView);
    return () => {
      resizes.disconnect();
      listening.dispose();
    };
  }, [api, title]);
  return (
    <span className="tab" ref={tab} title={hint}>
      {Icon && <Icon className="tab-icon" size={14} aria-hidden />}
      {mark !== undefined && <span className="tab-mark" data-mark={mark} aria-hidden />}
      <span className="tab-title">{title}</span>
      {state && state.state !== "good" && <StateMark {...state} />}
      {held > 0 && (
        <span
          className="tab-count"
          data-count={held}
          role="img"
          aria-label={`${formatCount(held, "message")} held`}
        />
      )}
      {isUnsaved && <span className="tab-unsaved" role="img" aria-label="Not saved" />}
      {onClose && (
        <span
          className="tab-close"
          title="Close"
          aria-hidden
          onPointerDown={(event) => event.preventDefault()}
          onClick={onClose}
        >
          <X size={14} />
        </span>
      )}
    </span>
  );
}
