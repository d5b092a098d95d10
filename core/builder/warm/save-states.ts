import { existsSync } from "node:fs";
import { setPriority } from "node:os";
import type { Plan } from "../../../shared/contracts/plan.ts";
import type { OnNote } from "../../../shared/session/note.ts";
import type { ImageSet } from "../../image-set/image-set.ts";
import { readPlannedSet } from "../../image-set/planned-set.ts";
import { saveImageState } from "../../states/save-image-state.ts";
import type { StateMoment } from "../../states/state-key.ts";
import type { Paths } from "../../storage/paths.ts";
import { setupScriptOf } from "./restored-cd.ts";
import { savesByItself } from "./saves-by-itself.ts";

/** A state that is worth saving: the next build or run continues from it. */
export interface WantedState {
  readonly archive: string;
  readonly moment: StateMoment;
  readonly memory?: number | undefined;
  readonly internet?: boolean | undefined;
  readonly trusted?: readonly string[] | undefined;
}

/** The state of a set's setup image; none if it is not there, or can't be told the time. */
export function setupState(set: ImageSet, memory?: number): readonly WantedState[] {
  if (!existsSync(set.setupImage) || setupScriptOf(set) === undefined) return [];
  return [{ archive: set.setupImage, moment: "data-cd", memory, internet: set.recipe.internet }];
}

/** The state of a worker image; none if it is not there. */
export function workerState(
  archive: string,
  { memory, trusted }: Pick<WantedState, "memory" | "trusted"> = {},
): readonly WantedState[] {
  return existsSync(archive) ? [{ archive, moment: "guest-tools", memory, trusted }] : [];
}

/** The states that are worth saving after a plan has failed: a person changes something, and tries it again. */
export function statesAfterFailure(plan: Plan): readonly WantedState[] {
  return plan.kind === "rebuild" && plan.image === "worker" && !plan.cold
    ? setupState(readPlannedSet(plan), plan.memory)
    : [];
}

/** The states that are worth saving after a plan was performed. */
export function statesAfter(plan: Plan): readonly WantedState[] {
  switch (plan.kind) {
    case "rebuild": {
      const set = readPlannedSet(plan);
      if (plan.cold) return [];
      return [...setupState(set, plan.memory), ...workerState(set.workerImage)];
    }
    case "run":
      return plan.warm === "never" ? [] : workerState(plan.archive, plan);
    default:
      return [];
  }
}

interface SaveContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
}

/**
 * Saves states while nobody waits for them, so that all other work goes first. Errors are ignored.
 * This process has a low priority from now on.
 */
export async function saveStatesQuietly(wanted: readonly WantedState[], context: SaveContext): Promise<void> {
  if (!savesByItself() || wanted.length === 0) return;
  setPriority(lowestPriority);
  const onNote: OnNote = () => {};
  for (const one of wanted) {
    if (context.signal.aborted) return;
    const saved = await saveImageState({ ...one, ...context, isForced: false, onNote }).catch(
      () => undefined,
    );
    saved?.state[Symbol.dispose]();
  }
}

/** As `nice -n 19`: QEMU inherits it. */
const lowestPriority = 19;
