import {
  DockviewReact,
  type DockviewReadyEvent,
  type IDockviewHeaderActionsProps,
  type IDockviewPanelProps,
} from "dockview-react";
import { History, Plus, SquareStack } from "lucide-react";
import { createContext, use, useEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import type { SessionKind } from "../../../shared/session/session-kind.ts";
import { heldQueue } from "../../state/breakpoints/held-messages.ts";
import { openShell, showReplay } from "../../state/guest/guest-actions.ts";
import { followMachine } from "../../state/guest/machine-state.ts";
import { takeBackDraggedParts } from "../../state/layout/drag-parts.ts";
import { restoreSession } from "../../state/layout/layout.ts";
import type { PartKind } from "../../state/layout/parts.ts";
import { openBehind, partOf } from "../../state/layout/session-docks.ts";
import { usePanelState } from "../../state/layout/use-panel-state.ts";
import { useSessionLife } from "../../state/sessions/session-life.ts";
import { IconButton } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/messages/empty-state.tsx";
import { PartSlot } from "./part-slot.tsx";
import { PartTab } from "./part-tab.tsx";
import "./session-dock.css";

/** The tab that a session's parts are in. */
interface SessionTab {
  readonly session: string;
  readonly isActive: boolean;
  readonly isVisible: boolean;
}

const TabContext = createContext<SessionTab>({ session: "", isActive: false, isVisible: false });

interface SessionDockProps extends SessionTab {
  readonly kind: SessionKind;
}

/** The parts of a session: tabs that can be split, moved, and pulled out of it. */
export function SessionDock({ kind, ...tab }: SessionDockProps) {
  const { session, isActive, isVisible } = tab;
  const leave = useRef(() => {});
  useEffect(() => () => leave.current(), []);
  // A connection holds the session: it is not deleted to make room while it is shown, whichever part that is.
  useEffect(() => followMachine(session), [session]);
  const queue = useStore(heldQueue(session), ({ held }) => held);
  const newest = queue.at(-1)?.number;
  // It is not in front: a person may be in the middle of something.
  useEffect(() => {
    if (newest !== undefined) openBehind({ session, kind: "breakpoints" });
  }, [session, newest]);
  const onReady = ({ api }: DockviewReadyEvent) => {
    leave.current = restoreSession(session, kind, api);
    takeBackDraggedParts(api, session);
  };
  return (
    <TabContext value={useMemo(() => ({ session, isActive, isVisible }), [session, isActive, isVisible])}>
      <div className="session-dock-frame" data-session-dock={session}>
        <DockviewReact
          className="dock session-dock"
          components={components}
          defaultTabComponent={PartTab}
          leftHeaderActionsComponent={TabActions}
          watermarkComponent={AllElsewhere}
          onReady={onReady}
          disableFloatingGroups
        />
      </div>
    </TabContext>
  );
}

/** The place of a part in its session's tab. */
function PartPanel({ api, params }: IDockviewPanelProps) {
  const { isActive, isVisible } = usePanelState(api);
  const tab = use(TabContext);
  const part = partOf({ params });
  return (
    part && (
      <PartSlot part={part} isActive={isActive && tab.isActive} isVisible={isVisible && tab.isVisible} />
    )
  );
}

const components: Readonly<Record<PartKind, React.FunctionComponent<IDockviewPanelProps>>> = {
  build: PartPanel,
  run: PartPanel,
  watch: PartPanel,
  serial: PartPanel,
  screen: PartPanel,
  exchanges: PartPanel,
  files: PartPanel,
  breakpoints: PartPanel,
  replay: PartPanel,
  shell: PartPanel,
};

/** Beside the tabs: a new shell while the session runs, and its replay once it has ended. */
function TabActions({ panels }: IDockviewHeaderActionsProps) {
  const { session } = use(TabContext);
  const life = useSessionLife(session);
  const kinds = panels.map(({ params }) => params?.kind);
  if (life === "running" && (kinds.includes("run") || kinds.includes("shell")))
    return <NewShellButton session={session} />;
  const hasLog = kinds.includes("run") || kinds.includes("build");
  if ((life === "ended" || life === "killed") && hasLog)
    return (
      <IconButton icon={History} label="Replay" className="tab-action" onClick={() => showReplay(session)} />
    );
  return null;
}

function NewShellButton({ session }: { readonly session: string }) {
  const onClick = ({ currentTarget }: React.MouseEvent<HTMLElement>) => {
    // The shell takes the focus when it is drawn; a key must not press the button again before that.
    currentTarget.blur();
    openShell(session);
  };
  return <IconButton icon={Plus} label="New shell" className="tab-action" onClick={onClick} />;
}

function AllElsewhere() {
  return (
    <EmptyState icon={SquareStack} title="All parts of this session are in other tabs">
      <p>Close one of these tabs to move its part back here.</p>
    </EmptyState>
  );
}
