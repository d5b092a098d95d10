import { z } from "zod";

/** What a process leaves that ended because of an error that nobody had reckoned with. */
export const crashReportSchema = z.object({
  /** Milliseconds since the epoch. */
  time: z.number(),
  /** Which process of Tinsmith's it was, for people: "tinsmith serve". */
  program: z.string(),
  /** The session whose process it was. */
  session: z.object({ id: z.string(), title: z.string() }).optional(),
  versions: z.object({ tinsmith: z.string(), node: z.string(), system: z.string() }),
  error: z.object({ message: z.string(), stack: z.string() }),
  /** The sessions that ran then, whichever process they belonged to. */
  running: z.array(z.object({ id: z.string(), title: z.string() })),
  /** What had happened last in them, without what guests said. */
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
export type KeptCrash = z.infer<typeof keptCrashSchema>;
