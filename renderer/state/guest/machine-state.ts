import type { VirtualMachineState } from "../../../shared/session/virtual-machine.ts";
import { sessionClient } from "../../client/api-client.ts";
import { createReopening } from "../sessions/session-life.ts";
import { createSessionMemory } from "../sessions/session-memory.ts";
import { createSnapshotStore, follow, type SnapshotStore } from "../store/snapshot-store.ts";
import { addToPauses, type Pause } from "./guest-time.ts";

interface Known {
  readonly state: SnapshotStore<VirtualMachineState>;
  pauses: readonly Pause[];
}

const known = createSessionMemory((): Known => {
  const made: Known = { state: createSnapshotStore<VirtualMachineState>(), pauses: [] };
  made.state.subscribe(({ value }) => {
    made.pauses = addToPauses(made.pauses, isPaused(value), Date.now());
  });
  return made;
});

/** The known state of a session's virtual machine, while somebody follows it. */
export function machineState(session: string): SnapshotStore<VirtualMachineState> {
  return known.of(session).state;
}

/** When a session's virtual machine was paused while somebody followed it. */
export function machinePauses(session: string): readonly Pause[] {
  return known.of(session).pauses;
}

function isPaused(state: VirtualMachineState | undefined): boolean {
  return state?.status === "paused" || state?.status === "waiting";
}

/**
 * Keeps the state of a session's virtual machine up to date, through lost connections.
 *
 * @returns a function that ends it
 */
export function followMachine(session: string): () => void {
  const controller = new AbortController();
  void followFor(session, controller.signal);
  return () => controller.abort();
}

async function followFor(session: string, signal: AbortSignal): Promise<void> {
  const watch = (signal: AbortSignal) => sessionClient(session).machine.watch(undefined, { signal });
  const reopening = createReopening(session, signal);
  const works = machineState(session).subscribe(reopening.works);
  do {
    // It rejects when the connection is lost, or the session's process has ended: then its files are asked.
    await follow(machineState(session), watch, signal).catch(() => {});
  } while (await reopening.wait());
  works();
}
