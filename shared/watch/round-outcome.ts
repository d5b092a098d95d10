import { z } from "zod";

/** The newest verdict of a round, as a list of them shows it. */
export const roundOutcomeSchema = z.object({
  round: z.number(),
  kind: z.enum(["fast", "true"]),
  outcome: z.enum(["passed", "failed"]),
  text: z.string(),
  /** The session with the result; absent if there is none, as when the guest tools can't be built. */
  session: z.string().optional(),
});
export type RoundOutcome = z.infer<typeof roundOutcomeSchema>;

/** Rounds that a strip of the last outcomes shows. */
export const shownOutcomes = 5;

/** The outcomes with one more verdict: it replaces the one of its round. */
export function addOutcome(outcomes: readonly RoundOutcome[], next: RoundOutcome): readonly RoundOutcome[] {
  return [...outcomes.filter(({ round }) => round !== next.round), next].slice(-shownOutcomes);
}
