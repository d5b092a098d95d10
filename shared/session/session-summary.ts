import { z } from "zod";
import { errorDataSchema } from "../errors/error-schema.ts";
import { scenarioSeriesSchema } from "../scenario/scenario-series.ts";
import { timeSchema } from "../text/time-schema.ts";
import { roundOutcomeSchema } from "../watch/round-outcome.ts";
import { sessionSchema } from "./session-description.ts";

/** One session, running or ended, as a list of them shows it. */
export const sessionSummarySchema = sessionSchema.extend({
  /** Milliseconds since the epoch. */
  started: timeSchema,
  ended: timeSchema.optional(),
  /**
   * `cancelled`: a person has cancelled or stopped it before its end. `killed`: its process ended without saying how it
   * went. `newer`: a newer Tinsmith has left it, and `error` says what to do; of the rest only its place is known.
   * `unreadable`: the same of one whose record is damaged.
   */
  status: z.enum(["running", "succeeded", "failed", "cancelled", "killed", "newer", "unreadable"]),
  /** It is an installation by hand that waits for a person's choice. */
  asks: z.boolean(),
  /** The number of messages that its breakpoints hold; absent if there are none. */
  held: z.number().optional(),
  /** It is a run whose task failed after a person had it killed. */
  taskKilled: z.boolean().optional(),
  /** It is a build that has failed, whose guest is kept until a person ends it. */
  keepsGuest: z.boolean(),
  /** When it was first asked to end, in milliseconds since the epoch, while it still runs. */
  stopAsked: timeSchema.optional(),
  /** The archive that is or was to be built. */
  output: z.string().optional(),
  /** The command of a run's guest, and the archive that it boots. */
  command: z.array(z.string()).optional(),
  image: z.string().optional(),
  /** It is the run of a scenario, whose name is its title. */
  isScenario: z.boolean().optional(),
  /** It is one of several scenarios that run one after another. */
  series: scenarioSeriesSchema.optional(),
  /** It was asked to stop, so that the scenarios after it do not start. */
  seriesStopped: z.boolean().optional(),
  /** It is a watch: its image set, and the newest verdicts of its last rounds with one, the newest last. */
  watch: z.object({ set: z.string(), outcomes: z.array(roundOutcomeSchema) }).optional(),
  error: errorDataSchema.optional(),
  /** It runs another version, so that it can only be watched and stopped: the reason, and advice. */
  otherVersion: errorDataSchema.optional(),
  /** It is a failed build whose work is still kept for a retry. */
  canRetry: z.boolean(),
  /** The data that was deleted to free space for it, a sentence each. */
  deletions: z.array(z.string()),
  /** Bytes that its folder takes. */
  bytes: z.number(),
});
export type SessionSummary = z.infer<typeof sessionSummarySchema>;
