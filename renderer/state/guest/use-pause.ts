import { useEffect } from "react";
import { useStore } from "zustand";
import { heldCounts } from "../breakpoints/held-counts.ts";
import { useIsRunning } from "../sessions/use-is-running.ts";
import { followMachine, machineState } from "./machine-state.ts";

/**
 * The reason why a session's virtual machine is paused: a message is `held`, a person has `paused` it, or it is `waiting`
 * for space on the host's disk; undefined while it runs, and when there is none.
 */
export function usePause(session: string): "held" | "paused" | "waiting" | undefined {
  const isRunning = useIsRunning(session);
  useEffect(() => (isRunning ? followMachine(session) : undefined), [session, isRunning]);
  const status = useStore(machineState(session), ({ value }) => value?.status);
  const isHeld = useStore(heldCounts, (counts) => counts[session] !== undefined);
  if (!isRunning || (status !== "paused" && status !== "waiting")) return undefined;
  return status === "paused" && isHeld ? "held" : status;
}
