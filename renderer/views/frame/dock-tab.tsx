import type { IDockviewPanelHeaderProps } from "dockview-react";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { sessions } from "../../state/app-state.ts";
import type { SessionPanelParams } from "../../state/panels.ts";
import { sessionMark } from "../../state/session-mark.ts";
import { isMainPanel } from "../../state/session-panels.ts";
import { useStore } from "../../state/store.ts";

/**
 * A panel's tab; a session's panels have its colour, and its main one its name. The cross is for the pointer; from the
 * keyboard a panel is closed by a command.
 */
export function DockTab({ api, params }: IDockviewPanelHeaderProps<Partial<SessionPanelParams>>) {
  const [ownTitle, setOwnTitle] = useState(api.title ?? "");
  useEffect(() => {
    const listening = api.onDidTitleChange(({ title }) => setOwnTitle(title));
    return () => listening.dispose();
  }, [api]);
  const { session } = params;
  const sessionTitle = useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.title);
  const isMain = isMainPanel(api.component);
  const title = isMain ? (sessionTitle ?? ownTitle) : ownTitle;
  return (
    <span className="dock-tab" title={isMain || !sessionTitle ? title : `${title}: ${sessionTitle}`}>
      {session && <span className="dock-tab-mark" data-mark={sessionMark(session)} aria-hidden />}
      <span className="dock-tab-title">{title}</span>
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
