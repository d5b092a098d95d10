import { type RefObject, useEffect, useState } from "react";
import { type DisplayStatus, openScreenDisplay, type ScreenDisplay } from "./screen-display.ts";

interface DisplayState {
  readonly display: ScreenDisplay | undefined;
  readonly status: DisplayStatus;
}

const nothing: DisplayState = { display: undefined, status: "connecting" };

/** Shows a session's screen in an element while it is wanted. */
export function useDisplay(
  box: RefObject<HTMLElement | null>,
  session: string,
  options: { readonly isWanted: boolean; readonly isReadOnly: boolean; readonly isScaled: boolean },
): DisplayState {
  const { isWanted, isReadOnly, isScaled } = options;
  const [state, setState] = useState(nothing);
  // What is chosen later is set below, on the same connection.
  useEffect(() => {
    if (!box.current || !isWanted) return;
    const onStatus = (status: DisplayStatus) => setState((state) => ({ ...state, status }));
    const display = openScreenDisplay(box.current, session, { isReadOnly, isScaled, onStatus });
    setState({ display, status: "connecting" });
    return () => {
      display.dispose();
      setState(nothing);
    };
  }, [box, session, isWanted]);
  const { display } = state;
  useEffect(() => {
    if (!display) return;
    display.isReadOnly = isReadOnly;
    display.isScaled = isScaled;
  }, [display, isReadOnly, isScaled]);
  return state;
}
