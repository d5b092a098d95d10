import type { IDockviewPanel } from "dockview-react";
import { comparisonObstacle } from "../comparison/comparable-sessions.ts";
import { sessionTabOf } from "../layout/all-panels.ts";
import { currentDock } from "../layout/panels.ts";
import { pullOut, putBack } from "../layout/pull-out.ts";
import { partOf } from "../layout/session-docks.ts";
import { openDialog } from "../messages/dialogs.ts";
import { askForScenario, scenarioObstacle } from "../runs/save-scenario.ts";
import { findSession } from "../sessions/find-session.ts";
import { revealSession } from "../sessions/session-list.ts";
import { canClose, closePanel } from "./close-panel.ts";

/** Something that can be done with a tab. */
export interface TabAction {
  readonly title: string;
  /** The reason why it can't be done now; undefined when it can. */
  readonly unavailable?: string | undefined;
  readonly run: () => void;
}

/** All that can be done with a panel by its tab, in groups. */
export function tabActions(panel: IDockviewPanel): readonly (readonly TabAction[])[] {
  const groups = sessionTabOf(panel) ? partActions(panel) : windowActions(panel);
  return [...groups, splits(panel)].filter((group) => group.length > 0);
}

/** The actions for a part in its session's tab. */
function partActions(panel: IDockviewPanel): readonly (readonly TabAction[])[] {
  const part = partOf(panel);
  return [
    canClose(panel) ? [{ title: "Close tab", run: () => closePanel(panel) }] : [],
    part
      ? [
          { title: "Move beside the session", run: () => pullOut(part, "beside") },
          { title: "Move to a tab of the window", run: () => pullOut(part, "tab") },
        ]
      : [],
  ];
}

/** The actions for a tab of the window itself. */
function windowActions(panel: IDockviewPanel): readonly (readonly TabAction[])[] {
  const { api, params, group } = panel;
  const part = api.component === "part" ? partOf(panel) : undefined;
  const isLog = part?.kind === "exchanges" || api.component === "action-log";
  const session: string | undefined = params?.session;
  const others = group.panels.filter((one) => one !== panel);
  const ended = endedSessions();
  return [
    part || isLog
      ? [{ title: "Move back into its session", run: () => (part ? putBack(part) : closePanel(panel)) }]
      : [],
    [
      ...(part || isLog ? [] : [{ title: "Close tab", run: () => closePanel(panel) }]),
      {
        title: "Close other tabs",
        unavailable: others.length > 0 ? undefined : "There is no other tab here",
        run: () => closeAll(others),
      },
      {
        title: "Close ended sessions",
        unavailable: ended.length > 0 ? undefined : "No open session has ended",
        run: () => ended.forEach(closePanel),
      },
    ],
    session === undefined
      ? []
      : [
          {
            title: "Compare with…",
            unavailable: comparisonObstacle(session),
            run: () => openDialog({ name: "compare", session }),
          },
          ...saveActions(session),
          { title: "Show in the list of sessions", run: () => revealSession(session) },
        ],
  ];
}

function saveActions(id: string): readonly TabAction[] {
  const session = findSession(id);
  if (!session) return [];
  const unavailable = scenarioObstacle(session);
  return [{ title: "Save as scenario…", unavailable, run: () => askForScenario(session) }];
}

/** Parts go back into their sessions' tabs first: later they would open these again. */
function closeAll(panels: readonly IDockviewPanel[]): void {
  for (const isPart of [true, false])
    for (const panel of panels) if ((panel.api.component === "part") === isPart) closePanel(panel);
}

/** The tabs of sessions that have ended. */
function endedSessions(): readonly IDockviewPanel[] {
  const tabs = currentDock()?.panels.filter(({ api }) => api.component === "session") ?? [];
  return tabs.filter(({ params }) => findSession(params?.session)?.status !== "running");
}

function splits({ api, group }: IDockviewPanel): readonly TabAction[] {
  const unavailable = group.panels.length > 1 ? undefined : "There is no other tab here";
  return [
    { title: "Split right", unavailable, run: () => api.moveTo({ group, position: "right" }) },
    { title: "Split down", unavailable, run: () => api.moveTo({ group, position: "bottom" }) },
  ];
}
