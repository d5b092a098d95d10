import { isReturn, type Stroke } from "../script/strokes.ts";

/** Finds where a new step begins: at the first input after new output, but not within a line or a row of keys. */
export interface StepStarts {
  output(): void;
  /** Takes keys that were pressed. */
  input(strokes: readonly Stroke[]): void;
  /** Takes a change of the CD, or a reset. */
  act(): void;
  /** Whether an input would begin a new step now. */
  isNew(): boolean;
}

/** Keys that follow each other faster belong together. Milliseconds. */
const togetherFor = 2000;

export function createStepStarts(time: () => number = () => performance.now()): StepStarts {
  let hasOutput = false;
  let isComplete = true;
  let last = Number.NEGATIVE_INFINITY;
  const take = (completes: boolean) => {
    hasOutput = false;
    isComplete = completes;
    last = time();
  };
  return {
    output: () => {
      hasOutput = true;
    },
    input: (strokes) => take(strokes.some(isReturn)),
    act: () => take(true),
    isNew: () => hasOutput && (isComplete || time() - last >= togetherFor),
  };
}
