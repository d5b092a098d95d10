import { z } from "zod";

/**
 * What the MetaService and the guest tools say to each other, as JSON. The Go module has its own reader of the
 * same forms; the fixtures in tests/fixtures/guest-protocol hold both to one meaning.
 */

/** What the guest is to run: the answer to `execute`. */
export interface Task {
  /** Environment variables, added to those of the guest tools. */
  readonly env: Readonly<Record<string, string>>;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/** Reads an answer to `execute`. Readers are lenient: `null` and missing keys are empty, others are ignored. */
export const taskSchema = z.object({
  env: z
    .record(z.string(), z.string())
    .nullish()
    .transform((env) => env ?? {}),
  command: z
    .array(z.string())
    .nullish()
    .transform((command) => command ?? []),
});

/** How a task ended, as the guest tools tell it. */
export type TaskResult = "success" | "failed";

/** An answer to `poll`. */
export interface Action {
  /** A slugid: 22 characters of url-safe base64. */
  readonly id: string;
  /** `none`: there is nothing to do, poll again. */
  readonly type: "none";
  readonly path: string;
  readonly command: readonly string[];
  readonly tty: boolean;
}

export const errorCodes = [
  "InvalidPayload",
  "NoSuchEndPoint",
  "MethodNotAllowed",
  "ResourceConflict",
  "InternalError",
] as const;

/** Stable names of what the service refuses. */
export type ErrorReplyCode = (typeof errorCodes)[number];

/** The body of every reply whose status is 400 or more. */
export const errorReplySchema = z.object({ code: z.enum(errorCodes), message: z.string() });

export type ErrorReply = z.infer<typeof errorReplySchema>;
