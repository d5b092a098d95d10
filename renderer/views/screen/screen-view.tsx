import { useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { buildView } from "../../state/builds/build-view.ts";
import { usePanelCommands } from "../../state/commands/use-panel-commands.ts";
import { guestDrop } from "../../state/guest/guest-drop.ts";
import { followMachine, machineState } from "../../state/guest/machine-state.ts";
import { UploadList } from "../transfers/upload-list.tsx";
import { listenForRelease } from "./keyboard/release-key.ts";
import { NoScreen } from "./no-screen.tsx";
import { ScreenBar } from "./screen-bar.tsx";
import { allCommands, screenCommands } from "./screen-commands.ts";
import "./screen.css";
import { toggleFullScreen, useFullScreen } from "./full-screen.ts";
import { useTyping } from "./keyboard/use-typing.ts";
import { ScreenTextPane } from "./text/screen-text-pane.tsx";
import { useDisplay } from "./use-display.ts";

interface ScreenViewProps {
  readonly session: string;
  /** Whether it is the panel that is worked in. */
  readonly isActive: boolean;
  readonly isVisible: boolean;
}

/** A guest's screen, its keyboard and pointer, and the commands for the virtual machine behind it. */
export function ScreenView({ session, isActive, isVisible }: ScreenViewProps) {
  const section = useRef<HTMLElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const state = useStore(machineState(session), ({ value }) => value);
  const isRecorded = useStore(buildView(session), ({ build }) => build.isByHand === true);
  const [isReadOnly, setReadOnly] = useState(false);
  const [isScaled, setScaled] = useState(true);
  const [isTextShown, setTextShown] = useState(false);
  const isFullScreen = useFullScreen(section);
  const { isTyping, type, stop } = useTyping(session);
  const isThere = state !== undefined && state.status !== "none";
  const { display, status } = useDisplay(box, session, {
    isWanted: isThere && isVisible,
    isActive,
    isReadOnly,
    isScaled,
  });
  const commands = useMemo(
    () =>
      screenCommands({
        session,
        state: state ?? { status: "none" },
        display,
        isReadOnly,
        isScaled,
        isTextShown,
        isFullScreen,
        isTyping,
        type,
        stopTyping: stop,
        setReadOnly,
        setScaled,
        setTextShown,
        toggleFullScreen: () => toggleFullScreen(section.current),
      }),
    [session, state, display, isReadOnly, isScaled, isTextShown, isFullScreen, isTyping, type, stop],
  );

  useEffect(() => followMachine(session), [session]);
  // With two guests, it must be plain which one a command means.
  usePanelCommands(
    isActive,
    useMemo(() => (isActive ? allCommands(commands) : undefined), [isActive, commands]),
  );
  useEffect(() => {
    if (!box.current) return;
    const leave = () => section.current?.querySelector<HTMLElement>(".screen-bar button:enabled")?.focus();
    return listenForRelease(box.current, leave);
  }, []);

  return (
    <section
      className="screen"
      aria-label="The guest's screen"
      ref={section}
      {...guestDrop(session, isThere)}
    >
      <ScreenBar {...{ state, commands, isRecorded }} />
      <div className="screen-stage" data-scaled={isScaled || undefined}>
        <div className="screen-display" ref={box} hidden={!isThere} />
        {isThere && status === "connecting" && isVisible && (
          <p className="screen-note" role="status">
            Connecting to the screen…
          </p>
        )}
        {isThere && state.status !== "running" && <PauseReasons status={state.status} />}
        {state?.status === "none" && <NoScreen session={session} />}
      </div>
      {isThere && isVisible && isTextShown && (
        <ScreenTextPane session={session} onClose={() => setTextShown(false)} />
      )}
      <UploadList session={session} />
    </section>
  );
}

/** Over the picture, which does not change. */
function PauseReasons({ status }: { readonly status: "paused" | "waiting" }) {
  return (
    <p className="screen-note" role="status">
      {status === "paused" ? "Paused" : "Waiting for space on the host's disk; see the log"}
    </p>
  );
}
