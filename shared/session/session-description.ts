import { z } from "zod";
import { timeSchema } from "../text/time-schema.ts";
import { sessionKinds } from "./session-kind.ts";

/** The fields that all descriptions of a session share, whether it is running or has ended. */
export const sessionSchema = z.object({
  id: z.string(),
  /** The session's title for people. */
  title: z.string(),
  kind: z.enum(sessionKinds),
  /** The folder of its logs. */
  folder: z.string(),
});

/**
 * A running session, as its lock file describes it. Part of the stable core of shared/contracts/session-protocol.ts:
 * keys are only added, and a kind that only another version knows reads as `run`.
 */
export const sessionDescriptionSchema = sessionSchema.extend({
  kind: sessionSchema.shape.kind.catch("run"),
  /** The archive that it runs, or builds. */
  image: z.string().optional(),
  /** Milliseconds since the epoch. */
  startedAt: timeSchema,
  /** The process on this host that the session belongs to, and ends with. */
  processId: z.number(),
  /** The version of the Tinsmith that it runs. */
  tinsmith: z.string(),
  /** See shared/contracts/session-protocol.ts. */
  protocol: z.int(),
});
export type SessionDescription = z.infer<typeof sessionDescriptionSchema>;

/** The description of a session that is known before it opens. */
export type SessionSubject = Pick<SessionDescription, "title" | "kind" | "image">;

/** A session, as it answers `describe`. An ended one has no process: only its place is known without reading its log. */
export const sessionAnswerSchema = z.discriminatedUnion("isRunning", [
  sessionDescriptionSchema.extend({ isRunning: z.literal(true) }),
  sessionSchema.pick({ id: true, folder: true }).extend({ isRunning: z.literal(false) }),
]);
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;
