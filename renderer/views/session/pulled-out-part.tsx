import type { IDockviewPanelProps } from "dockview-react";
import type { Part } from "../../state/layout/parts.ts";
import { unpinActionLog } from "../../state/layout/pull-out.ts";
import { partOf } from "../../state/layout/session-docks.ts";
import { usePanelState } from "../../state/layout/use-panel-state.ts";
import { ActionLogHead } from "./action-log-head.tsx";
import { PartSlot } from "./part-slot.tsx";
import "./session-dock.css";

/** A part that was pulled out of its session's tab. */
export function PulledOutPart({ api, params }: IDockviewPanelProps<Part>) {
  const place = usePanelState(api);
  const part = partOf({ params });
  if (!part) return null;
  if (part.kind !== "exchanges") return <PartSlot part={part} {...place} />;
  return (
    <div className="window-action-log">
      <ActionLogHead session={part.session} isPinned onToggle={() => unpinActionLog(part.session)} />
      <PartSlot part={part} {...place} />
    </div>
  );
}
