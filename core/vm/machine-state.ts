import type { SessionClient } from "../../shared/contracts/session-contract.ts";
import type { VirtualMachineState } from "../../shared/session/virtual-machine.ts";

/** The current state of a session's virtual machine. @throws the signal's reason when it aborts */
export async function machineStateNow(
  machine: Pick<SessionClient["machine"], "watch">,
  signal?: AbortSignal,
): Promise<VirtualMachineState> {
  for await (const state of await machine.watch(undefined, { signal })) return state;
  return { status: "none" };
}
