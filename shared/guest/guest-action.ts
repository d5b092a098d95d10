import { z } from "zod";
import type { ErrorData } from "../errors/error-data.ts";
import type { GuestActionType } from "./guest-protocol.ts";

/** A request for an action of the guest. */
export type GuestActionRequest =
  | { readonly type: "get-artifact"; readonly path: string }
  | { readonly type: "list-folder"; readonly path: string }
  | { readonly type: "exec-shell"; readonly command: readonly string[]; readonly tty: boolean }
  | { readonly type: "kill-process" };

/**
 * An event of an action, from its request to its outcome. `time` is in milliseconds since the epoch; `action` counts
 * a session's actions from 1, and `exchange` is the number of the exchange that carried it.
 */
export type GuestActionEvent = { readonly time: number; readonly action: number } & (
  | { readonly type: "action-requested"; readonly request: GuestActionRequest }
  /** A poll took it: a try began, with an id of its own. */
  | { readonly type: "action-taken"; readonly id: string; readonly exchange: number }
  /** The guest began to answer. */
  | { readonly type: "action-answered"; readonly id: string; readonly exchange: number }
  /** A try failed; there may be another one. */
  | { readonly type: "action-try-failed"; readonly reason: string }
  | { readonly type: "action-ended"; readonly kind: GuestActionType; readonly error?: ErrorData | undefined }
);

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
