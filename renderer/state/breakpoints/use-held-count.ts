import { useStore } from "zustand";
import { partOf } from "../layout/session-docks.ts";
import { heldQueue } from "./held-messages.ts";

/** The number of held messages that the tab of a panel shows: none unless it is a session's breakpoints. */
export function useHeldCount(params: Readonly<Record<string, unknown>>): number {
  const part = partOf({ params });
  const session = part?.kind === "breakpoints" ? part.session : undefined;
  return useStore(heldQueue(session ?? ""), ({ held }) => (session === undefined ? 0 : held.length));
}
