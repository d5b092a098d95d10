import { createStore } from "zustand/vanilla";
import { createSessionMemory } from "../sessions/session-memory.ts";

const known = createSessionMemory(() => createStore<{ readonly text: string }>(() => ({ text: "" })));

/** The text that a person has selected last on a session's serial console, or in the text of its screen. */
export function selectedText(session: string) {
  return known.of(session);
}

/** Takes a selection; an empty one leaves the one before. */
export function selectText(session: string, text: string): void {
  if (text.trim() !== "") known.of(session).setState({ text });
}
