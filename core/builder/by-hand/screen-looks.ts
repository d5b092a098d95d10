import type { ScreenText } from "../../../shared/screen/screen-text.ts";
import type { MachineControl } from "../../vm/machine-control.ts";

/** Looks at the screen of the virtual machine that runs, one look after another. */
export interface ScreenLooks {
  /** The virtual machine that runs now. */
  use(machine: Pick<MachineControl, "screenText"> | undefined): void;
  /** Settles when the text was taken that the screen shows now. It never rejects: a screen may be unreadable for a while. */
  look(): Promise<void>;
}

/** Nobody reacts to a text faster. Milliseconds. */
const recent = 50;

export function createScreenLooks(take: (text: ScreenText) => void): ScreenLooks {
  let machine: Pick<MachineControl, "screenText"> | undefined;
  let started = Number.NEGATIVE_INFINITY;
  let last: Promise<void> = Promise.resolve();
  return {
    use: (next) => {
      machine = next;
      started = Number.NEGATIVE_INFINITY;
    },
    look: () => {
      // Keys that come fast don't wait for a look each.
      const read = async () => {
        if (!machine || performance.now() - started < recent) return;
        started = performance.now();
        await machine.screenText().then(take, () => {});
      };
      last = last.then(read);
      return last;
    },
  };
}
