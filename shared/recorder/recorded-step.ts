import { z } from "zod";
import { type ConsoleName, type InstallStep, waitPatternSchema } from "../recipe/install-step.ts";

/** A text that a step waits for, as recipes have it. */
export type StepWait = Exclude<NonNullable<InstallStep["wait"]>, "power-off">;

/** A wait, checked against a recording. Seconds since its start. */
export type WaitVerdict =
  | { readonly kind: "ok"; readonly at: number }
  /** It finds another text than the one that came last before the input. */
  | { readonly kind: "early"; readonly at: number }
  /** @param nearest the line that was shown and is most like it */
  | { readonly kind: "never"; readonly nearest?: string | undefined };

/** A step of an installation as a person has done it, with the wait that Tinsmith proposes before it. */
export interface RecordedStep {
  /** The same as long as the recording exists. */
  readonly id: string;
  /** The console on which it was done; undefined for CDs and resets. */
  readonly console?: ConsoleName | undefined;
  /** When it was done, in seconds since the recording's start. */
  readonly at: number;
  /** The same in milliseconds since the epoch. */
  readonly epoch: number;
  /** The steps of a recipe that do the same: the waits, if there are any, then the input. */
  readonly steps: readonly InstallStep[];
  /** The last wait. */
  readonly wait?: StepWait | undefined;
  /** Other texts that could be waited for. */
  readonly alternatives: readonly StepWait[];
  /** Of its wait. */
  readonly verdict?: WaitVerdict | undefined;
  /** The reason why there is no wait, or why a recipe can't do this. */
  readonly problem?: string | undefined;
  /** The name of the secret that was typed. */
  readonly secret?: string | undefined;
  /** The name of its line in the recording, which has not the line itself: the guest did not echo it. */
  readonly hidden?: string | undefined;
  /** The checkpoint that was made just before it. */
  readonly checkpoint?: string | undefined;
  /** Whether a person has removed it. */
  readonly isRemoved?: boolean | undefined;
}

/** The script of an installation that was recorded. */
export interface RecordedScript {
  /** The console on which most was typed: that of the recipe. */
  readonly console: ConsoleName;
  readonly steps: readonly RecordedStep[];
}

const wait = z.union([z.string().min(1), z.object({ match: waitPatternSchema })]);
const step = z.string();

/** A person's change of the proposed steps. */
export const recordingEditSchema = z.discriminatedUnion("kind", [
  /** Without a wait, the step waits for nothing. */
  z.object({ kind: z.literal("wait"), step, wait: wait.optional() }),
  z.object({ kind: z.literal("remove"), step }),
  z.object({ kind: z.literal("keep"), step }),
  /** Its line is a secret of that name. */
  z.object({ kind: z.literal("secret"), step, name: z.string().regex(/^[A-Za-z_]\w*$/) }),
  /** Its line is not a secret: the recording gets it, if it was hidden. */
  z.object({ kind: z.literal("no-secret"), step }),
]);
export type RecordingEdit = Readonly<z.infer<typeof recordingEditSchema>>;

/** A verdict in words, such as "would match too early, at 3.1 s". */
export function describeVerdict(verdict: WaitVerdict): string {
  if (verdict.kind === "ok") return `matches at ${seconds(verdict.at)}`;
  if (verdict.kind === "early") return `would match too early, at ${seconds(verdict.at)}`;
  return verdict.nearest === undefined
    ? "would never match"
    : `would never match; the most similar line is ${JSON.stringify(verdict.nearest)}`;
}

function seconds(time: number): string {
  return `${time.toFixed(1)} s`;
}
