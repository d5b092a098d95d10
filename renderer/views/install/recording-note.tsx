import type { BuildState } from "../../../shared/session/build.ts";

/** Says that an installation by hand that has failed is not lost. */
export function RecordingNote({ isByHand, steps }: Pick<BuildState, "isByHand" | "steps">) {
  if (!isByHand || !steps.some(({ step }) => step === "boot")) return null;
  return <p>The steps that you did until then were recorded: see Recorded steps.</p>;
}
