import type { RoundPhase, RoundState, TimedVerdict, Verdict } from "./watch.ts";

/** The label of a fast verdict: how its guest tools came into the guest. */
export const fastLabel = "warm, tools replaced";

/** Whether a true verdict changes what the fast one said. */
export function isCorrected({ fast, true: real }: Pick<RoundState, "fast" | "true">): boolean {
  return fast !== undefined && real !== undefined && fast.outcome !== real.outcome;
}

/** The relation of a true verdict to the fast one, in words; undefined without both. */
export function describeRelation({
  fast,
  true: real,
}: Pick<RoundState, "fast" | "true">): string | undefined {
  if (!fast || !real) return undefined;
  if (fast.outcome !== real.outcome) return `corrects the fast verdict: ${fast.text}`;
  return fast.text === real.text
    ? "confirms the fast verdict"
    : `confirms the outcome of the fast verdict, which said: ${fast.text}`;
}

/** The mark of a verdict in the strip of the last outcomes. */
export function markOf({ outcome }: Pick<Verdict, "outcome">): "ok" | "FAIL" {
  return outcome === "passed" ? "ok" : "FAIL";
}

/** The newest verdict of a round, which counts until the next one. */
export function newestVerdict({
  fast,
  true: real,
}: Pick<RoundState, "fast" | "true">): TimedVerdict | undefined {
  return real ?? fast;
}

/** The rounds that the strip shows: the last ones with a verdict. */
export function lastOutcomes(rounds: readonly RoundState[], count = 5): readonly RoundState[] {
  return rounds.filter((round) => newestVerdict(round) !== undefined).slice(-count);
}

/** The strip of the last outcomes as a text: `ok ok FAIL ok`. A verdict that is only fast has a question mark. */
export function describeStrip(rounds: readonly RoundState[]): string {
  return lastOutcomes(rounds)
    .map((round) => {
      const verdict = newestVerdict(round);
      return verdict && `${markOf(verdict)}${round.true ? "" : "?"}`;
    })
    .join(" ");
}

/** The phases, for a person. */
const phaseNames: Readonly<Record<RoundPhase, string>> = {
  fast: `run, ${fastLabel}`,
  setup: "rebuild of the setup image",
  rebuild: "rebuild of the worker image",
  true: "run of the rebuilt image",
};

/** Files that are named before the rest is only counted. */
const namedFiles = 4;

/** The reason of a round, in words: `agent.go and task.go changed`. */
export function describeReason({ reason, changed }: Pick<RoundState, "reason" | "changed">): string {
  const named = changed.slice(0, namedFiles);
  const rest = changed.length - named.length;
  const names = rest > 0 ? `${named.join(", ")} and ${rest} more` : named.join(", ");
  if (reason === "start") return "start of the watch";
  if (reason === "forced") return changed.length > 0 ? `on request; ${names} changed` : "on request";
  return `${names} changed`;
}

/** The moment from which the time of a round counts, in words. */
export function describeStart({ reason }: Pick<RoundState, "reason">): string {
  if (reason === "change") return "the change";
  return reason === "start" ? "the start" : "the request";
}

/** Whether a verdict says something else than the one before it: then a person is told. */
export function isNews(before: Pick<Verdict, "outcome"> | undefined, now: Pick<Verdict, "outcome">): boolean {
  return before ? before.outcome !== now.outcome : now.outcome === "failed";
}

/** The work of a round that is under way, for a person. */
export function describeWork({ phase, waits }: Pick<RoundState, "phase" | "waits">): string {
  if (waits !== undefined) return "waiting for another build";
  return phase ? phaseNames[phase] : "build of the guest tools";
}
