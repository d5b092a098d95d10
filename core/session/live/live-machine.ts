import { AppError } from "../../../shared/errors/errors.ts";
import type { VirtualMachineState } from "../../../shared/session/virtual-machine.ts";
import { createLatestValue } from "../../async/latest-value.ts";
import type { MachineControl } from "../../vm/machine-control.ts";
import { createLiveResource, type LiveResource } from "./live-resource.ts";

/** The virtual machine of a session, as its clients control it. */
export interface LiveMachine extends Pick<LiveResource<MachineControl>, "provide" | "use"> {
  /** The state of the virtual machine, now and after each change, until the signal aborts. */
  watch(signal: AbortSignal): AsyncGenerator<VirtualMachineState, void, void>;
}

/** @param session the session's id, for errors. */
export function createLiveMachine(session: string): LiveMachine {
  const { provide, use } = createLiveResource<MachineControl>(() => noMachine(session));
  const state = createLatestValue<VirtualMachineState>({ status: "none" });
  return {
    use,
    provide: (machine) => {
      const gone = new AbortController();
      const provided = provide(machine);
      const follow = async () => {
        for await (const now of machine.watch(gone.signal)) if (!gone.signal.aborted) state.set(now);
      };
      void follow();
      return {
        [Symbol.dispose]: () => {
          gone.abort();
          provided[Symbol.dispose]();
          state.set({ status: "none" });
        },
      };
    },
    watch: state.watch,
  };
}

function noMachine(session: string): AppError {
  return new AppError({
    code: "guest-no-answer",
    message: `session ${session} has no virtual machine now`,
    advice: "Wait until it boots; a session that has ended can only be read.",
  });
}
