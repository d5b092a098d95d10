import { useEffect } from "react";
import { offerAppCommands } from "./state/app-commands.ts";
import { settings } from "./state/app-state.ts";
import { showQuestions, showWantedBuilds } from "./state/builds.ts";
import { runKey } from "./state/commands.ts";
import { connection } from "./state/connection.ts";
import { closeDialog, dialogs } from "./state/dialogs.ts";
import { offerFileCommands } from "./state/file-commands.ts";
import { followDesktop } from "./state/follow-desktop.ts";
import { guardUnsavedFiles } from "./state/open-files.ts";
import { useStore } from "./state/store.ts";
import { ToastList } from "./ui/toast-list.tsx";
import { TooltipProvider } from "./ui/tooltip.tsx";
import { ConnectionBar } from "./views/frame/connection-bar.tsx";
import { CrashNotice } from "./views/frame/crash-notice.tsx";
import { Dialogs } from "./views/frame/dialogs.tsx";
import { Dock } from "./views/frame/dock.tsx";
import { DropZone } from "./views/frame/drop-zone.tsx";
import { SettingsNotice } from "./views/frame/settings-notice.tsx";
import { StatusBar } from "./views/frame/status-bar.tsx";
import { Toolbar } from "./views/frame/toolbar.tsx";
import "./views/frame/frame.css";

/** The whole window. */
export function App() {
  useTheme();
  useEffect(() => offerAppCommands(), []);
  useEffect(() => showWantedBuilds(), []);
  useEffect(() => showQuestions(), []);
  useEffect(() => offerFileCommands(), []);
  useEffect(() => guardUnsavedFiles(), []);
  useEffect(() => followDesktop(), []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (runKey(event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  const status = useStore(connection, (state) => state.status);
  const open = useStore(dialogs, (state) => state.open);
  return (
    <TooltipProvider>
      <div className="frame">
        <Toolbar />
        {status !== "connected" && <ConnectionBar status={status} />}
        <SettingsNotice />
        <CrashNotice />
        <main className="frame-main">
          <Dock />
        </main>
        <StatusBar />
      </div>
      {open && <Dialogs open={open} onClose={closeDialog} />}
      <DropZone />
      <ToastList />
    </TooltipProvider>
  );
}

/** Sets the window's theme: the chosen one, else the system's. */
function useTheme(): void {
  const theme = useStore(settings, (state) => state.value?.theme);
  useEffect(() => {
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }, [theme]);
}
