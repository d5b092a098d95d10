import { createStore } from "zustand/vanilla";
import { checkAccess } from "../../client/access.ts";
import { openApp } from "../../client/api-client.ts";
import { followApp } from "./app-state.ts";

/** Whether the engine can be reached. */
export type ConnectionStatus =
  | "connecting"
  | "connected"
  | "lost"
  /** Another program is at this window's address now. */
  | "refused"
  /** Another `tinsmith serve` is at this window's address now, or the same one was restarted. */
  | "replaced";

export const connection = createStore<{ readonly status: ConnectionStatus }>(() => ({
  status: "connecting",
}));

/** Pauses between tries to connect again, in milliseconds: the first, and the longest. */
const retryPauses = { first: 250, longest: 4_000 };

/** Connects to the engine, and again whenever the connection is lost. */
export function connect(pause = retryPauses.first): void {
  const { app, channel } = openApp();
  const controller = new AbortController();
  let wasConnected = false;
  const onAnswer = () => {
    wasConnected = true;
    connection.setState({ status: "connected" });
  };
  void followApp(app, { signal: controller.signal, onAnswer });
  channel.onClose(() => {
    controller.abort();
    connection.setState({ status: "lost" });
    const next = wasConnected ? retryPauses.first : Math.min(pause * 2, retryPauses.longest);
    setTimeout(() => void connectAgain(next), wasConnected ? 0 : pause);
  });
}

/** Connects to the engine that this window knew, and to no other. */
async function connectAgain(pause: number): Promise<void> {
  const access = await checkAccess();
  if (access === "granted") connect(pause);
  else if (access !== "unreachable") connection.setState({ status: access });
  else setTimeout(() => void connectAgain(Math.min(pause * 2, retryPauses.longest)), pause);
}

/** A channel that broke may be opened again after this time, in milliseconds, when the engine itself was not lost. */
const reopenPause = 500;

/** Waits until there is a connection again. @returns false when the signal aborts before */
export async function whenConnected(signal: AbortSignal): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, reopenPause));
  while (!signal.aborted && connection.getState().status !== "connected")
    await new Promise<void>((resolve) => {
      const unsubscribe = connection.subscribe(() => {
        unsubscribe();
        resolve();
      });
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  return !signal.aborted;
}
