import type { IDockviewPanelHeaderProps } from "dockview-react";
import { FolderTree, GitCompareArrows, type LucideIcon } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { useHeldCount } from "../../state/breakpoints/use-held-count.ts";
import { sessions } from "../../state/connection/app-state.ts";
import { isChanged } from "../../state/files/open-file.ts";
import { openFiles } from "../../state/files/open-files.ts";
import { focusedSession } from "../../state/focus/focused-session.ts";
import { type Part, partTitle } from "../../state/layout/parts.ts";
import { partOf } from "../../state/layout/session-docks.ts";
import { sessionMark } from "../../state/sessions/session-mark.ts";
import { useSessionName } from "../../state/sessions/session-names.ts";
import { closePanelOf } from "../../state/tabs/close-panel.ts";
import { sessionState } from "../sessions/session-state.ts";
import { Tab } from "./tab.tsx";

/** The tab of a panel of the window; a session's panel has its name and its colour. */
export function DockTab(tab: IDockviewPanelHeaderProps) {
  const { api, params } = tab;
  const [ownTitle, setOwnTitle] = useState(api.title ?? "");
  useEffect(() => {
    const listening = api.onDidTitleChange(({ title }) => setOwnTitle(title));
    return () => listening.dispose();
  }, [api]);
  const file: string = params.file ?? params.image ?? params.images?.join(" ↔ ") ?? "";
  const isUnsaved = useStore(openFiles, ({ [file]: open }) => open !== undefined && isChanged(open));
  const followed = useStore(focusedSession, ({ run }) => (api.component === "action-log" ? run : undefined));
  const session: string | undefined = params.session ?? followed;
  const name = useSessionName(session);
  const compared: readonly string[] = params.sessions ?? [];
  const one = useSessionName(compared[0]) ?? compared[0];
  const other = useSessionName(compared[1]) ?? compared[1];
  const part = partOf({ params });
  const held = useHeldCount(params);
  const isSession = api.component === "session";
  const state = useStore(sessions, ({ value }) => {
    const found = isSession ? value?.find(({ id }) => id === session) : undefined;
    return found && sessionState(found);
  });
  const shown = one === undefined ? (titleOf(api.component, part, name) ?? ownTitle) : `${one} ↔ ${other}`;
  useEffect(() => {
    // Screen readers read the panel's own title.
    if (shown !== api.title) api.setTitle(shown);
  }, [api, shown]);
  return (
    <Tab
      api={api}
      title={shown}
      hint={file || shown}
      icon={icons[api.component]}
      mark={session === undefined ? undefined : sessionMark(session)}
      state={state}
      isUnsaved={isUnsaved}
      held={held}
      onClose={() => closePanelOf(tab)}
    />
  );
}

/** Of panels that are of no single session. */
const icons: Readonly<Record<string, LucideIcon>> = {
  comparison: GitCompareArrows,
  "image-comparison": GitCompareArrows,
  image: FolderTree,
};

/** The title of a panel that is named after a session. */
function titleOf(component: string, part: Part | undefined, name: string | undefined): string | undefined {
  if (component === "session") return name;
  const title = part ? partTitle(part) : component === "action-log" ? "Action log" : undefined;
  return title !== undefined && name !== undefined ? `${title}: ${name}` : title;
}
