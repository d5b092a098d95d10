import type { IDockviewPanelHeaderProps } from "dockview-react";
import { useHeldCount } from "../../state/breakpoints/use-held-count.ts";
import { useSessionName } from "../../state/sessions/session-names.ts";
import { canClose, closePanelOf } from "../../state/tabs/close-panel.ts";
import { Tab } from "../frame/tab.tsx";

/** The tab of a part in its session's tab. */
export function PartTab(tab: IDockviewPanelHeaderProps) {
  const { api, params } = tab;
  const name = useSessionName(params.session);
  const held = useHeldCount(params);
  const title = api.title ?? "";
  return (
    <Tab
      api={api}
      title={title}
      held={held}
      hint={name === undefined ? title : `${title}: ${name}`}
      {...(canClose({ api }) && { onClose: () => closePanelOf(tab) })}
    />
  );
}
