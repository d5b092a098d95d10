import { useEffect } from "react";
import { useStore } from "zustand";
import { followSessionLog, type SessionLog, sessionLog } from "./session-log.ts";

/** Reads part of a session's log in a component, and keeps the log up to date while the component is there. */
export function useSessionLog<Part>(session: string, select: (log: SessionLog) => Part): Part {
  useEffect(() => followSessionLog(session), [session]);
  return useStore(sessionLog(session), select);
}
