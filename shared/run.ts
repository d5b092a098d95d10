import type { ErrorData } from "./errors.ts";
import type { Task, TaskResult } from "./guest-protocol.ts";

/** What happens while an image runs a task. `time` is in milliseconds since the epoch. */
export type RunEvent = { readonly time: number } & (
  | {
      readonly type: "run-started";
      readonly session: string;
      readonly folder: string;
      /** `meta` is a MetaService without a virtual machine. */
      readonly kind: "run" | "meta";
      readonly title: string;
      /** The archive that runs. */
      readonly image?: string | undefined;
      readonly task: Task;
      readonly keepAlive: boolean;
      /** Seconds. */
      readonly timeout?: number | undefined;
      /** MiB, when it is not what the machine definition says. */
      readonly memory?: number | undefined;
    }
  /** The guest has come to the MetaService for the first time. */
  | { readonly type: "guest-tools-started" }
  | { readonly type: "note"; readonly text: string }
  | { readonly type: "task-result"; readonly result: TaskResult }
  | { readonly type: "run-finished"; readonly result: TaskResult }
  | { readonly type: "run-failed"; readonly error: ErrorData }
);
