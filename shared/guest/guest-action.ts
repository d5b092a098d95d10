import { z } from "zod";
import type { ErrorData } from "../errors/error-data.ts";

/** A request for an action of the guest. */
export type GuestActionRequest =
  | { readonly type: "get-artifact"; readonly path: string }
  | { readonly type: "list-folder"; readonly path: string }
  | { readonly type: "exec-shell"; readonly command: readonly string[]; readonly tty: boolean }
  | { readonly type: "kill-process" }
  /** One that a person has composed, as it was written: it may be unknown or malformed. */
  | { readonly type: "composed"; readonly text: string };

/** Whether an action gets one try only: a person tries a shell or a composed action again. */
export function isTriedOnce({ type }: GuestActionRequest): boolean {
  return type === "exec-shell" || type === "composed";
}

/** The reasons for which Tinsmith asks for a shell of its own, as the end of a sentence. */
export const shellPurposes = {
  "set-clock": "set the guest's clock",
  "put-file": "put a file into the guest",
  "replace-guest-tools": "copy guest tools from a CD",
  "restart-guest-tools": "restart the guest tools",
} as const;
export type ShellPurpose = keyof typeof shellPurposes;

/**
 * An event of an action, from its request to its outcome. `time` is in milliseconds since the epoch; `action` counts
 * a session's actions from 1, and `exchange` is the number of the exchange that carried it.
 */
export type GuestActionEvent = { readonly time: number; readonly action: number } & (
  | {
      readonly type: "action-requested";
      readonly request: GuestActionRequest;
      /** Of a shell of Tinsmith's own. */
      readonly purpose?: ShellPurpose | undefined;
    }
  /** A poll took it: a try began, with an id of its own. */
  | { readonly type: "action-taken"; readonly id: string; readonly exchange: number }
  /** The guest began to answer. */
  | { readonly type: "action-answered"; readonly id: string; readonly exchange: number }
  /** A try failed; there may be another one. */
  | { readonly type: "action-try-failed"; readonly reason: string }
  | {
      readonly type: "action-ended";
      readonly kind: GuestActionRequest["type"];
      readonly error?: ErrorData | undefined;
    }
);

/** Characters of a composed action: guest tools read no more of a response. */
export const maximumComposedAction = 1024 * 1024;

export const composedReplySchema = z.object({
  method: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  /** In base64: its first MiB. */
  body: z.string(),
  /** Of the whole body. */
  bytes: z.number(),
});
/** The guest tools' reply to a composed action. */
export type ComposedReply = z.infer<typeof composedReplySchema>;

export const killOutcomeSchema = z.object({
  /** If not, the guest tools kill it when it starts. */
  taskHasStarted: z.boolean(),
});
/** The meaning of the guest tools' answer to a kill. */
export type KillOutcome = z.infer<typeof killOutcomeSchema>;

/** Describes the effect of a kill for a person. */
export function describeKill({ taskHasStarted }: KillOutcome): string {
  return taskHasStarted
    ? "The guest tools are killing the task's processes."
    : "The task has not started yet: the guest tools will kill it when it starts.";
}
