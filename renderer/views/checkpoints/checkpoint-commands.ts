import type { Checkpoint } from "../../../shared/checkpoint/checkpoint.ts";
import type { VirtualMachineState } from "../../../shared/session/virtual-machine.ts";
import type { Command } from "../../state/commands/commands.ts";
import { openDialog } from "../../state/messages/dialogs.ts";

/** The commands for the checkpoints of a virtual machine. */
export function checkpointCommands(session: string, state: VirtualMachineState): readonly Command[] {
  const off = state.status === "none" ? "there is no virtual machine now" : undefined;
  const problem = state.status === "none" ? undefined : state.checkpointProblem;
  const waits =
    state.status === "waiting" ? "the virtual machine waits for space on the host's disk" : undefined;
  const checkpoints = checkpointsOf(state);
  return [
    command("make", "Make a checkpoint…", off ?? problem ?? waits, () =>
      openDialog({ name: "make-checkpoint", session }),
    ),
    ...checkpoints.map(({ name }, index) =>
      command(`go-back-${index + 1}`, `Go back to “${name}”…`, undefined, () =>
        openDialog({ name: "go-back", session, checkpoint: name }),
      ),
    ),
    command("list", "List the checkpoints…", checkpoints.length > 0 ? undefined : "there are none", () =>
      openDialog({ name: "checkpoints", session }),
    ),
  ];
}

/** The checkpoints of a virtual machine; none if there is no virtual machine. */
export function checkpointsOf(state: VirtualMachineState | undefined): readonly Checkpoint[] {
  return state === undefined || state.status === "none" ? [] : (state.checkpoints ?? []);
}

function command(name: string, title: string, unavailable: string | undefined, run: Command["run"]): Command {
  return { id: `checkpoint.${name}`, title, group: "Checkpoints", unavailable, run };
}
