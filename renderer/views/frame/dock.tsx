import { DockviewReact, type DockviewReadyEvent, type IDockviewPanelProps } from "dockview-react";
import "dockview-react/dist/styles/dockview.css";
import { lazy, Suspense } from "react";
import { restoreLayout } from "../../state/layout.ts";
import {
  type FilePanelParams,
  type PanelKind,
  type SessionPanelParams,
  setDock,
} from "../../state/panels.ts";
import { nameWindow } from "../../state/window-title.ts";
import { BuildView } from "../build/build-view.tsx";
import { DoctorView } from "../doctor-view.tsx";
import { ExchangesView } from "../exchanges/exchanges-view.tsx";
import { FilesView } from "../files/files-view.tsx";
import { LibraryView } from "../library/library-view.tsx";
import { RunView } from "../run/run-view.tsx";
import { SessionsView } from "../sessions-view.tsx";
import { WelcomeView } from "../welcome-view.tsx";
import "./dock.css";
import { DockTab } from "./dock-tab.tsx";

// Terminal, screen and editor are most of all scripts, and most people look at the library first.
const ShellView = lazy(async () => ({ default: (await import("../shell/shell-view.tsx")).ShellView }));
const SerialView = lazy(async () => ({ default: (await import("../serial/serial-view.tsx")).SerialView }));
const FilePanel = lazy(async () => ({ default: (await import("../editor/file-panel.tsx")).FilePanel }));
const ScreenView = lazy(async () => ({ default: (await import("../screen/screen-view.tsx")).ScreenView }));

type SessionPanel = IDockviewPanelProps<SessionPanelParams>;

const components: Readonly<
  Record<PanelKind, React.FunctionComponent<IDockviewPanelProps<SessionPanelParams & FilePanelParams>>>
> = {
  library: LibraryView,
  sessions: SessionsView,
  doctor: DoctorView,
  welcome: WelcomeView,
  build: ({ params }: SessionPanel) => <BuildView session={params.session} />,
  screen: ({ params, api }: SessionPanel) => (
    <Suspense>
      <ScreenView session={params.session} api={api} />
    </Suspense>
  ),
  serial: ({ params, api }: SessionPanel) => (
    <Suspense>
      <SerialView session={params.session} api={api} />
    </Suspense>
  ),
  editor: ({ params, api }: IDockviewPanelProps<FilePanelParams>) => (
    <Suspense>
      <FilePanel path={params.file} api={api} />
    </Suspense>
  ),
  run: ({ params }: SessionPanel) => <RunView session={params.session} />,
  exchanges: ({ params }: SessionPanel) => <ExchangesView session={params.session} />,
  files: ({ params }: SessionPanel) => <FilesView session={params.session} />,
  shell: ({ params, api }: SessionPanel) => (
    <Suspense>
      <ShellView session={params.session} instance={params.instance ?? ""} onClose={() => api.close()} />
    </Suspense>
  ),
};

/** Panels that can be moved, split and closed, and that remember their places. */
export function Dock() {
  const onReady = ({ api }: DockviewReadyEvent) => {
    setDock(api);
    restoreLayout();
    nameWindow();
  };
  return (
    <DockviewReact
      className="dock"
      components={components}
      defaultTabComponent={DockTab}
      onReady={onReady}
      disableFloatingGroups
    />
  );
}
