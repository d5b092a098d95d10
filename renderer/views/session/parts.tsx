import { createPortal } from "react-dom";
import { useStore } from "zustand";
import { assertNever } from "../../../shared/errors/errors.ts";
import { type OpenPart, openParts } from "../../state/layout/open-parts.ts";
import { partId, partTitle } from "../../state/layout/parts.ts";
import { closePart } from "../../state/layout/session-docks.ts";
import { lazyView } from "../../ui/lazy-view.tsx";
import { PanelBoundary } from "../../ui/messages/panel-boundary.tsx";
import { ExchangesView } from "../action-log/action-log-view.tsx";
import { BuildView } from "../build/build-view.tsx";
import { FilesView } from "../files/files-view.tsx";
import { RunView } from "../run/run-view.tsx";
import { WatchView } from "../watch/watch-view.tsx";

// Terminal and screen are most of all scripts, and a session's log is looked at first.
const ShellView = lazyView(async () => (await import("../shell/shell-view.tsx")).ShellView);
const SerialView = lazyView(async () => (await import("../serial/serial-view.tsx")).SerialView);
const BreakpointsView = lazyView(
  async () => (await import("../breakpoints/breakpoints-view.tsx")).BreakpointsView,
);
const ReplayView = lazyView(async () => (await import("../replay/replay-view.tsx")).ReplayView);
const ScreenView = lazyView(async () => (await import("../screen/screen-view.tsx")).ScreenView);

/** Draws the parts of all sessions that are open, each where it is shown now. */
export function Parts() {
  const parts = useStore(openParts, (state) => state);
  return Object.values(parts).map(
    (part) =>
      // A shell that nobody has looked at yet must be taken over in time after a reload.
      (part.wasVisible || part.kind === "shell") &&
      createPortal(
        <PanelBoundary part={`The panel "${partTitle(part)}"`}>
          <PartView {...part} />
        </PanelBoundary>,
        part.host,
        partId(part),
      ),
  );
}

function PartView(part: OpenPart) {
  const { session, isActive, isVisible } = part;
  switch (part.kind) {
    case "build":
      return <BuildView session={session} />;
    case "run":
      return <RunView session={session} />;
    case "watch":
      return <WatchView session={session} />;
    case "serial":
      return <SerialView session={session} isActive={isActive} />;
    case "screen":
      return <ScreenView session={session} isActive={isActive} isVisible={isVisible} />;
    case "exchanges":
      return <ExchangesView session={session} />;
    case "files":
      return <FilesView session={session} />;
    case "breakpoints":
      return <BreakpointsView session={session} />;
    case "replay":
      return <ReplayView session={session} />;
    case "shell":
      return <ShellView part={part} onClose={() => closePart(part)} />;
    default:
      return assertNever(part.kind);
  }
}
