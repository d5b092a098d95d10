import { toAppError } from "../../../shared/errors/errors.ts";
import type { OnNote } from "../../../shared/session/note.ts";
import type { MachineControl } from "../../vm/machine-control.ts";

type Checkpoints = Pick<MachineControl["checkpoints"], "make" | "delete">;

/** Makes a checkpoint before each step of an installation by hand, and keeps the last ones. */
export interface StepCheckpoints {
  /** The virtual machine that runs now. */
  use(checkpoints: Checkpoints | undefined): void;
  /** @returns the checkpoint's name; undefined when it could not be made, which a note says once for a virtual machine */
  make(): Promise<string | undefined>;
}

/** Each may take as much memory as the guest has. */
const keptCheckpoints = 8;

export function createStepCheckpoints(onNote: OnNote): StepCheckpoints {
  let machine: Checkpoints | undefined;
  let kept: readonly string[] = [];
  let count = 0;
  const dropOldest = async () => {
    const [oldest, ...others] = kept;
    kept = others;
    // A person may have deleted or renamed it.
    if (oldest !== undefined) await machine?.delete(oldest).catch(() => {});
  };
  return {
    use: (next) => {
      machine = next;
      kept = [];
    },
    make: async () => {
      if (!machine) return undefined;
      count += 1;
      const name = `step-${count}`;
      if (kept.length >= keptCheckpoints) await dropOldest();
      try {
        await machine.make(name);
      } catch (error) {
        onNote(
          `Tinsmith makes no checkpoint before the next steps of the installation: ${toAppError(error).message}.`,
        );
        machine = undefined;
        return undefined;
      }
      kept = [...kept, name];
      return name;
    },
  };
}
