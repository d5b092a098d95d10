import { useEffect } from "react";
import { useStore } from "zustand";
import { useIsRunning } from "../sessions/use-is-running.ts";
import { followMachine, machineState } from "./machine-state.ts";

/**
 * The reason why a session's virtual machine is paused: a person has `paused` it, or it is `waiting` for space on the
 * host's disk; undefined while it runs, and when there is none.
 */
export function usePause(session: string): "paused" | "waiting" | undefined {
  const isRunning = useIsRunning(session);
  useEffect(() => (isRunning ? followMachine(session) : undefined), [session, isRunning]);
  const status = useStore(machineState(session), ({ value }) => value?.status);
  return isRunning && (status === "paused" || status === "waiting") ? status : undefined;
}
