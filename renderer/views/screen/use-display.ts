import { type RefObject, useEffect, useRef, useState } from "react";
import { mayTakeFocus } from "../../state/focus/may-take-focus.ts";
import { type DisplayStatus, openScreenDisplay, type ScreenDisplay } from "./screen-display.ts";

interface DisplayOptions {
  readonly isWanted: boolean;
  /** Whether it is the active panel: then it takes the keyboard. */
  readonly isActive: boolean;
  readonly isReadOnly: boolean;
  readonly isScaled: boolean;
}

interface DisplayState {
  readonly display: ScreenDisplay | undefined;
  readonly status: DisplayStatus;
}

const nothing: DisplayState = { display: undefined, status: "connecting" };

/** Shows a session's screen in an element while it is wanted. */
export function useDisplay(
  box: RefObject<HTMLElement | null>,
  session: string,
  { isWanted, isActive, isReadOnly, isScaled }: DisplayOptions,
): DisplayState {
  const [state, setState] = useState(nothing);
  const isActiveNow = useRef(isActive);
  useEffect(() => {
    isActiveNow.current = isActive;
  }, [isActive]);
  // Later choices are applied below, on the same connection.
  useEffect(() => {
    if (!box.current || !isWanted) return;
    const onStatus = (status: DisplayStatus) => setState((state) => ({ ...state, status }));
    const mayFocus = () => isActiveNow.current && mayTakeFocus();
    const display = openScreenDisplay(box.current, session, { isReadOnly, isScaled, onStatus, mayFocus });
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
