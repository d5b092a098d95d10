import type { SessionClient } from "../../shared/contracts/session-contract.ts";
import type { VirtualMachineState } from "../../shared/session/virtual-machine.ts";

/** How the virtual machine of a session stands now. @throws the signal's reason when it aborts */
export async function machineStateNow(
  machine: Pick<SessionClient["machine"], "watch">,
  signal?: AbortSignal,
): Promise<VirtualMachineState> {
  for await (const state of await machine.watch(undefined, { signal })) return state;
  return { status: "none" };
}
