import type { ErrorData } from "./errors.ts";
import type { TaskResult } from "./guest-protocol.ts";

/** What happens while an image runs a task. `time` is in milliseconds since the epoch. */
export type RunEvent = { readonly time: number } & (
  | { readonly type: "run-started"; readonly session: string; readonly folder: string }
  /** The guest has come to the MetaService for the first time. */
  | { readonly type: "guest-tools-started" }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "task-result"; readonly result: TaskResult }
  | { readonly type: "run-finished" }
  | { readonly type: "run-failed"; readonly error: ErrorData }
);
