import type { VirtualMachineState } from "../../shared/virtual-machine.ts";
import { sessionClient } from "../api-client.ts";
import { whenConnected } from "./connection.ts";
import { createSnapshotStore, follow, type SnapshotStore } from "./snapshot-store.ts";

const states = new Map<string, SnapshotStore<VirtualMachineState>>();

/** What is known of a session's virtual machine, while somebody follows it. */
export function machineState(session: string): SnapshotStore<VirtualMachineState> {
  const state = states.get(session) ?? createSnapshotStore<VirtualMachineState>();
  states.set(session, state);
  return state;
}

/** Keeps what is known of a session's virtual machine up to date, through lost connections. @returns what ends it */
export function followMachine(session: string): () => void {
  const controller = new AbortController();
  void followFor(session, controller.signal);
  return () => controller.abort();
}

async function followFor(session: string, signal: AbortSignal): Promise<void> {
  const watch = (signal: AbortSignal) => sessionClient(session).machine.watch(undefined, { signal });
  do {
    // It rejects when the connection is lost, or the session's process has ended: then its files are asked.
    await follow(machineState(session), watch, signal).catch(() => {});
  } while (!signal.aborted && (await whenConnected(signal)));
}
