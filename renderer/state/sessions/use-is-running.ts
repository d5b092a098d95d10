import { useStore } from "zustand";
import { sessions } from "../connection/app-state.ts";

/** Whether a session runs now, as far as is known. */
export function useIsRunning(session: string): boolean {
  return useStore(sessions, ({ value }) => value?.find(({ id }) => id === session)?.status === "running");
}
