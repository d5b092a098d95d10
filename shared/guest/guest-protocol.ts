import { z } from "zod";

/**
 * The JSON messages between the MetaService and the guest tools. The Go module has its own reader of the same forms;
 * the fixtures in tests/fixtures/guest-protocol hold both to one meaning.
 */

/** The task that the guest is to run: the answer to `execute`. */
export interface Task {
  /** Environment variables, added to those of the guest tools. */
  readonly env: Readonly<Record<string, string>>;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** False for a task that has no terminal; every other one has one. Only Tinsmith's guest tools heed it. */
  readonly tty?: boolean | undefined;
}

/** Tells guest tools that their guest continues from a saved state; only Tinsmith sends it, and only to those that heed it. */
export interface RestoredTask extends Task {
  readonly restored: {
    /** The time now, in milliseconds since the epoch. */
    readonly time: number;
    /** Fresh random bytes, in base64. */
    readonly seed: string;
  };
}

const commandSchema = z
  .array(z.string())
  .nullish()
  .transform((command) => command ?? []);

/** Reads an answer to `execute`. Readers are lenient: `null` and missing keys are empty, others are ignored. */
export const taskSchema = z.object({
  env: z
    .record(z.string(), z.string())
    .nullish()
    .transform((env) => env ?? {}),
  command: commandSchema,
  tty: z
    .boolean()
    .nullish()
    .transform((tty) => tty ?? undefined),
});

/** Whether a task succeeded, as the guest tools tell it. */
export type TaskResult = "success" | "failed";

/** The actions that the guest can perform besides its task. */
export const guestActionTypes = ["get-artifact", "list-folder", "exec-shell", "kill-process"] as const;
export type GuestActionType = (typeof guestActionTypes)[number];

/** An answer to `poll`. */
export interface Action {
  /** A slugid: 22 characters of url-safe base64. */
  readonly id: string;
  /** `none`: there is nothing to do, poll again. */
  readonly type: GuestActionType | "none";
  /** For `get-artifact` and `list-folder`; else empty. */
  readonly path: string;
  /** For `exec-shell`; empty for the default shell. */
  readonly command: readonly string[];
  /** For `exec-shell`: whether the command gets a terminal. */
  readonly tty: boolean;
}

/** Reads an answer to `poll`, as `taskSchema` does with null and missing keys. */
export const actionSchema = z.object({
  id: z.string(),
  type: z.enum([...guestActionTypes, "none"]),
  path: z
    .string()
    .nullish()
    .transform((path) => path ?? ""),
  command: commandSchema,
  tty: z
    .boolean()
    .nullish()
    .transform((tty) => tty ?? false),
});

/** Reads the reply to `list-folder`: the absolute paths of all plain files in the folder and below. */
export const folderListingSchema = z.object({
  files: z
    .array(z.string())
    .nullish()
    .transform((files) => files ?? []),
  /** There is no such folder. */
  notFound: z
    .boolean()
    .nullish()
    .transform((notFound) => notFound ?? false),
});
export type FolderListing = z.infer<typeof folderListingSchema>;

/** The header by which a reply to `get-artifact` says that it has no file, and its one value. */
export const guestErrorHeader = "X-Taskcluster-Worker-Error";
export const fileNotFound = "file-not-found";

export const errorCodes = [
  "InvalidPayload",
  "NoSuchEndPoint",
  "MethodNotAllowed",
  "ResourceConflict",
  "UnknownActionId",
  "InternalError",
] as const;

/** Stable names of the service's refusals. */
export type ErrorReplyCode = (typeof errorCodes)[number];

/** The body of every reply whose status is 400 or more. */
export const errorReplySchema = z.object({ code: z.enum(errorCodes), message: z.string() });

export type ErrorReply = z.infer<typeof errorReplySchema>;
