import { z } from "zod";
import { assertNever } from "../errors/errors.ts";
import { formatDate } from "../text/format.ts";
import { timeSchema } from "../text/time-schema.ts";

/** The outcome of the error: the process ended, or it continued, or the app's window was reloaded. */
const crashOutcomeSchema = z.enum(["ended", "continued", "reloaded"]);
export type CrashOutcome = z.infer<typeof crashOutcomeSchema>;

/** The report of an error that nobody caught. */
export const crashReportSchema = z.object({
  /** Milliseconds since the epoch. */
  time: timeSchema,
  /** The program that failed, for people: "tinsmith serve". */
  program: z.string(),
  outcome: crashOutcomeSchema.default("ended"),
  /** The session whose process it was. */
  session: z.object({ id: z.string(), title: z.string() }).optional(),
  versions: z.object({ tinsmith: z.string(), node: z.string(), system: z.string() }),
  error: z.object({ message: z.string(), stack: z.string() }),
  /** The sessions that ran then, whichever process they belonged to. */
  running: z.array(z.object({ id: z.string(), title: z.string() })),
  /** Their last events, without the output of guests. */
  lastLines: z.array(z.string()),
  /** A person has seen it. */
  isDismissed: z.boolean().default(false),
});
export type CrashReport = z.infer<typeof crashReportSchema>;

/** A report that nobody has dismissed yet. */
export const keptCrashSchema = z.object({
  /** By which it is exported and dismissed: the session's, if it is in its folder. */
  id: z.string(),
  path: z.string(),
  report: crashReportSchema,
});
export type StoredCrashReport = z.infer<typeof keptCrashSchema>;

/**
 * Describes for people which part of Tinsmith failed, how and when: "The desktop app ended unexpectedly on
 * 11/28/2026, 7:02:11 PM".
 */
export function describeOutcome({ session, program, outcome, time }: CrashReport): string {
  const what = session ? `The process of ${session.title}` : program;
  const when = formatDate(time);
  switch (outcome) {
    case "ended":
      return `${what} ended unexpectedly on ${when}`;
    case "continued":
      return `${what} had an unexpected error on ${when}; sessions were not affected`;
    case "reloaded":
      return `${what} stopped working on ${when} and was reloaded; sessions were not affected`;
    default:
      return assertNever(outcome);
  }
}

/** An error in a part of the window, as it reports it. */
export const windowErrorSchema = z.object({
  /** For people: `The panel "Library"`. */
  part: z.string().max(200),
  message: z.string().max(2_000),
  stack: z.string().max(50_000),
});
