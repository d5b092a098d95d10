import type { IDockviewPanelHeaderProps } from "dockview-react";
import { useSessionName } from "../../state/sessions/session-names.ts";
import { canClose, closePanel } from "../../state/tabs/close-panel.ts";
import { Tab } from "../frame/tab.tsx";

/** The tab of a part in its session's tab. */
export function PartTab({ api, params, containerApi }: IDockviewPanelHeaderProps) {
  const name = useSessionName(params.session);
  const title = api.title ?? "";
  const close = () => {
    const panel = containerApi.getPanel(api.id);
    if (panel) closePanel(panel);
  };
  return (
    <Tab
      api={api}
      title={title}
      hint={name === undefined ? title : `${title}: ${name}`}
      {...(canClose({ api }) && { onClose: close })}
    />
  );
}
