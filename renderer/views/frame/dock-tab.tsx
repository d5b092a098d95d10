import type { IDockviewPanelHeaderProps } from "dockview-react";
import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { sessions } from "../../state/app-state.ts";
import { closePanel } from "../../state/close-panel.ts";
import { isChanged } from "../../state/open-file.ts";
import { openFiles } from "../../state/open-files.ts";
import type { FilePanelParams, SessionPanelParams } from "../../state/panels.ts";
import { sessionMark } from "../../state/session-mark.ts";
import { isMainPanel } from "../../state/session-panels.ts";
import { useStore } from "../../state/store.ts";

/**
 * A panel's tab; a session's panels have its colour, and its main one its name. The cross is for the pointer; from the
 * keyboard a panel is closed by a command.
 */
export function DockTab({
  api,
  params,
}: IDockviewPanelHeaderProps<Partial<SessionPanelParams & FilePanelParams>>) {
  const [ownTitle, setOwnTitle] = useState(api.title ?? "");
  useEffect(() => {
    const listening = api.onDidTitleChange(({ title }) => setOwnTitle(title));
    return () => listening.dispose();
  }, [api]);
  const { session, file = "" } = params;
  const sessionTitle = useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.title);
  const isUnsaved = useStore(openFiles, ({ [file]: open }) => open !== undefined && isChanged(open));
  const isMain = isMainPanel(api.component);
  const title = isMain ? (sessionTitle ?? ownTitle) : ownTitle;
  useEffect(() => {
    // What is read aloud is the panel's own title.
    if (title !== api.title) api.setTitle(title);
  }, [api, title]);
  const tab = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // The panels' library scrolls there before the tab has its name, and so its width.
    const keepInView = () => {
      if (title && api.isVisible)
        tab.current?.closest(".dv-tab")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    };
    keepInView();
    const listening = api.onDidVisibilityChange(keepInView);
    return () => listening.dispose();
  }, [api, title]);
  const longTitle = isMain || !sessionTitle ? title : `${title}: ${sessionTitle}`;
  return (
    <span className="dock-tab" ref={tab} title={file || longTitle}>
      {session && <span className="dock-tab-mark" data-mark={sessionMark(session)} aria-hidden />}
      <span className="dock-tab-title">{title}</span>
      {isUnsaved && <span className="dock-tab-unsaved" role="img" aria-label="Not saved" />}
      <span
        className="dock-tab-close"
        title="Close"
        aria-hidden
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => closePanel({ api, params })}
      >
        <X size={14} />
      </span>
    </span>
  );
}
