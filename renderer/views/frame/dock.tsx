import { DockviewReact, type DockviewReadyEvent, type IDockviewPanelProps } from "dockview-react";
import { useStore } from "zustand";
import "dockview-react/dist/styles/dockview.css";
import { useState } from "react";
import { takeDraggedParts } from "../../state/layout/drag-parts.ts";
import { hasKeptShells, restoreLayout } from "../../state/layout/layout.ts";
import {
  type ComparisonParams,
  type FilePanelParams,
  type ImageComparisonParams,
  type ImagePanelParams,
  type PanelKind,
  type SessionTabParams,
  setDock,
} from "../../state/layout/panels.ts";
import type { Part } from "../../state/layout/parts.ts";
import { usePanelState } from "../../state/layout/use-panel-state.ts";
import { closePanel } from "../../state/tabs/close-panel.ts";
import { findTab, openTabMenu, tabMenu } from "../../state/tabs/tab-menu.ts";
import { nameWindow } from "../../state/tabs/window-title.ts";
import { lazyView } from "../../ui/lazy-view.tsx";
import { DoctorView } from "../doctor/doctor-view.tsx";
import { LibraryView } from "../library/library-view.tsx";
import { SessionPanel } from "../session/session-panel.tsx";
import { SessionsView } from "../sessions/sessions-view.tsx";
import { WelcomeView } from "../welcome/welcome-view.tsx";
import "./dock.css";
import { DockTab } from "./dock-tab.tsx";
import { guardPanels } from "./guard-panels.tsx";

// Sessions and editors are most of all scripts, and most people look at the library first.
const SessionDock = lazyView(async () => (await import("../session/session-dock.tsx")).SessionDock);
const PulledOutPart = lazyView(async () => (await import("../session/pulled-out-part.tsx")).PulledOutPart);
const WindowActionLog = lazyView(
  async () => (await import("../session/window-action-log.tsx")).WindowActionLog,
);
const TabMenu = lazyView(async () => (await import("./tab-menu.tsx")).TabMenu);
const ComparisonView = lazyView(
  async () => (await import("../comparison/comparison-view.tsx")).ComparisonView,
);
const ImageView = lazyView(async () => (await import("../contents/image-view.tsx")).ImageView);
const ImageComparisonView = lazyView(
  async () => (await import("../contents/comparison/image-comparison-view.tsx")).ImageComparisonView,
);
const FilePanel = lazyView(async () => (await import("../editor/file-panel.tsx")).FilePanel);

const components: Readonly<Record<PanelKind, React.FunctionComponent<IDockviewPanelProps>>> = {
  library: LibraryView,
  sessions: SessionsView,
  doctor: DoctorView,
  welcome: WelcomeView,
  session: SessionTabPanel,
  part: (props: IDockviewPanelProps<Part>) => (
    <SessionPanel session={props.params.session}>
      <PulledOutPart {...props} />
    </SessionPanel>
  ),
  "action-log": () => <WindowActionLog />,
  comparison: ({ params, api }: IDockviewPanelProps<ComparisonParams>) => {
    const { isActive } = usePanelState(api);
    return <ComparisonView sessions={params.sessions} isActive={isActive} />;
  },
  image: ({ params, api }: IDockviewPanelProps<ImagePanelParams>) => {
    const { isVisible } = usePanelState(api);
    return <ImageView image={params.image} isVisible={isVisible} />;
  },
  "image-comparison": ({ params, api }: IDockviewPanelProps<ImageComparisonParams>) => {
    const { isVisible } = usePanelState(api);
    return <ImageComparisonView images={params.images} isVisible={isVisible} />;
  },
  editor: ({ params, api }: IDockviewPanelProps<FilePanelParams>) => {
    const { isActive } = usePanelState(api);
    return <FilePanel path={params.file} isActive={isActive} />;
  },
};

const guarded = guardPanels(components);

/** A session's tab, which is empty until it is looked at, unless there is a shell in it. */
function SessionTabPanel({ params, api }: IDockviewPanelProps<SessionTabParams>) {
  const { isActive, isVisible } = usePanelState(api);
  const [wasVisible, setWasVisible] = useState(isVisible || hasKeptShells(params.session));
  if (isVisible && !wasVisible) setWasVisible(true);
  if (!wasVisible) return null;
  return (
    <SessionPanel session={params.session}>
      <SessionDock
        session={params.session}
        kind={params.sessionKind}
        isActive={isActive}
        isVisible={isVisible}
      />
    </SessionPanel>
  );
}

/** The middle button of a mouse. */
const middleButton = 1;

/** Panels that can be moved, split and closed, and that remember their places. */
export function Dock() {
  const menu = useStore(tabMenu, ({ open }) => open);
  const onReady = ({ api }: DockviewReadyEvent) => {
    setDock(api);
    restoreLayout();
    nameWindow();
    takeDraggedParts(api);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the library's tabs, which take the focus, have no props.
    <div
      className="dock-frame"
      onContextMenu={(event) => {
        const found = findTab(event.target);
        if (!found) return;
        event.preventDefault();
        openTabMenu(found, event.clientX, event.clientY);
      }}
      onMouseDown={(event) => {
        // A browser would scroll by it.
        if (event.button === middleButton && findTab(event.target)) event.preventDefault();
      }}
      onAuxClick={(event) => {
        const found = event.button === middleButton ? findTab(event.target) : undefined;
        if (found) closePanel(found.panel);
      }}
    >
      <DockviewReact
        className="dock"
        components={guarded}
        defaultTabComponent={DockTab}
        onReady={onReady}
        disableFloatingGroups
      />
      {menu && <TabMenu {...menu} />}
    </div>
  );
}
