import type { InstallStep } from "../../../shared/recipe/install-step.ts";
import { partsOfKeys } from "../../../shared/recipe/step-keys.ts";
import type { WaitVerdict } from "../../../shared/recorder/recorded-step.ts";

/** An input that no wait holds back: it is typed right after the input before, whether the guest is ready or not. */
export interface UnguardedInput {
  /** The number of the step with the input before, from 1 on; undefined for the first input. */
  readonly after?: number | undefined;
  /** Whether there is a wait before it, whose text was there at the input before. */
  readonly hasOldWait: boolean;
}

interface LastInput {
  readonly number: number;
  /** In seconds; undefined if it is not in the recording. */
  readonly end: number | undefined;
  readonly endsLine: boolean;
}

/** Finds the lines of a script that are typed without a wait for the guest's answer to the input before. */
export interface InputGuards {
  /** Takes a wait. @param verdict undefined for one that can't be compared */
  wait(verdict?: WaitVerdict): void;
  /** Takes an input. @param end when it ended in the recording, in seconds */
  input(step: InstallStep, index: number, end: number | undefined): UnguardedInput | undefined;
}

export function createInputGuards(): InputGuards {
  let last: LastInput | undefined;
  let waits: "none" | "old" | "new" = "none";
  return {
    wait: (verdict) => {
      // A wait that is wrong has its own message.
      const isOld = verdict?.kind === "ok" && last?.end !== undefined && verdict.at <= last.end;
      if (!isOld) waits = "new";
      else if (waits === "none") waits = "old";
    },
    input: (step, index, end) => {
      const beginsLine = step.type !== undefined || last?.endsLine === true;
      const isUnguarded = waits !== "new" && beginsLine && isTyped(step);
      const unguarded = isUnguarded ? { after: last?.number, hasOldWait: waits === "old" } : undefined;
      last = { number: index + 1, end, endsLine: endsLine(step) };
      waits = "none";
      return unguarded;
    },
  };
}

function isTyped({ type, keys, press }: InstallStep): boolean {
  return (type ?? keys ?? press) !== undefined;
}

function endsLine({ type, keys, press }: InstallStep): boolean {
  if (type !== undefined) return true;
  const last = keys === undefined ? undefined : partsOfKeys(keys).at(-1);
  return press?.join() === "ret" || (last !== undefined && "key" in last && last.key === "ret");
}
