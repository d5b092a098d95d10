import { useEffect, useLayoutEffect } from "react";
import { useStore } from "zustand";
import { chooseFirstSet } from "./state/builds/chosen-set.ts";
import { showQuestions, showWantedBuilds } from "./state/builds/start-build.ts";
import { offerAppCommands } from "./state/commands/app-commands.ts";
import { runKey } from "./state/commands/commands.ts";
import { offerFileCommands } from "./state/commands/file-commands.ts";
import { chooseOncePerPress } from "./state/commands/key-repeat.ts";
import { settings } from "./state/connection/app-state.ts";
import { connection } from "./state/connection/connection.ts";
import { followDesktop } from "./state/connection/follow-desktop.ts";
import { guardUnsavedFiles } from "./state/files/open-files.ts";
import { returnFocusAfterDialogs } from "./state/focus/return-focus.ts";
import { openParts } from "./state/layout/open-parts.ts";
import { dialogs } from "./state/messages/dialogs.ts";
import { notifyVerdicts } from "./state/watch/notify-verdicts.ts";
import { lazyView } from "./ui/lazy-view.tsx";
import { ToastList } from "./ui/messages/notice-list.tsx";
import { TooltipProvider } from "./ui/tooltip.tsx";
import { HeldNotice } from "./views/breakpoints/held-notice.tsx";
import { ConnectionBar } from "./views/frame/connection-bar.tsx";
import { CrashNotice } from "./views/frame/crash-notice.tsx";
import { Dock } from "./views/frame/dock.tsx";
import { DropZone } from "./views/frame/drop-zone.tsx";
import { EndedBuildsNotice } from "./views/frame/ended-builds-notice.tsx";
import { OpenDialog, preloadDialogs } from "./views/frame/open-dialog.tsx";
import { SettingsNotice } from "./views/frame/settings-notice.tsx";
import { StatusBar } from "./views/frame/status-bar.tsx";
import { Toolbar } from "./views/frame/toolbar.tsx";
import "./views/frame/frame.css";
import "./app.css";

// Sessions are most of all scripts, and most people look at the library first.
const Parts = lazyView(async () => (await import("./views/session/parts.tsx")).Parts);

/** The whole window. */
export function App() {
  useTheme();
  useEffect(() => offerAppCommands(), []);
  useEffect(() => chooseFirstSet(), []);
  useEffect(() => chooseOncePerPress(), []);
  useEffect(() => returnFocusAfterDialogs(), []);
  useEffect(() => showWantedBuilds(), []);
  useEffect(() => showQuestions(), []);
  useEffect(() => offerFileCommands(), []);
  useEffect(() => guardUnsavedFiles(), []);
  useEffect(() => followDesktop(), []);
  useEffect(() => notifyVerdicts(), []);
  useEffect(() => preloadDialogs(), []);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { open } = dialogs.getState();
      // A dialog is answered first: otherwise the key's command would start behind it.
      if (runKey(event, open === undefined || open.name === "palette")) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
  const status = useStore(connection, (state) => state.status);
  const open = useStore(dialogs, (state) => state.open);
  const hasParts = useStore(openParts, (parts) => Object.keys(parts).length > 0);
  return (
    <TooltipProvider>
      <div className="frame">
        <Toolbar />
        {status !== "connected" && <ConnectionBar status={status} />}
        <SettingsNotice />
        <HeldNotice />
        <CrashNotice />
        <EndedBuildsNotice />
        <main className="frame-main">
          <Dock />
        </main>
        <StatusBar />
      </div>
      {hasParts && <Parts />}
      {open && <OpenDialog key={open.number} open={open} />}
      <DropZone />
      <ToastList />
    </TooltipProvider>
  );
}

/** Sets the window's theme: the chosen one, else the system's. */
function useTheme(): void {
  const theme = useStore(settings, (state) => state.value?.theme);
  // Before anything is painted in the other theme.
  useLayoutEffect(() => {
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  }, [theme]);
}
