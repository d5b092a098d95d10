import { type ErrorData, isCancellation } from "../errors/error-data.ts";
import { assertNever } from "../errors/errors.ts";
import type { Task } from "../guest/guest-protocol.ts";
import type { TaskOutcome } from "../guest/task-outcome.ts";
import type { RuleUse } from "../rules/rule-event.ts";
import type { ExpectationCounts } from "../scenario/scenario-event.ts";
import type { ScenarioSeries } from "../scenario/scenario-series.ts";
import type { Note } from "./note.ts";
import type { PortForward } from "./port-forward.ts";
import type { SessionKind } from "./session-kind.ts";

/** An event of a run. `time` is in milliseconds since the epoch. */
export type RunEvent = { readonly time: number } & (
  | {
      readonly type: "run-started";
      readonly session: string;
      readonly folder: string;
      readonly kind: Exclude<SessionKind, "build" | "watch">;
      readonly title: string;
      /** The scenario that runs, with the path of its file if it is in one, and its place if others run before or after it. */
      readonly scenario?:
        | { readonly path?: string | undefined; readonly series?: ScenarioSeries | undefined }
        | undefined;
      /** The archive that runs. */
      readonly image?: string | undefined;
      readonly task: Task;
      readonly keepAlive: boolean;
      /** Seconds. */
      readonly timeout?: number | undefined;
      /** MiB, when it differs from the machine definition's. */
      readonly memory?: number | undefined;
      readonly forward?: readonly PortForward[] | undefined;
      /** The file that all packets of the guest's network are recorded in. */
      readonly pcap?: string | undefined;
      /** Whether it had to boot, although there may have been a saved state of the image. */
      readonly boots?: boolean | undefined;
    }
  /** The guest continues from a state that was saved at this time, in milliseconds since the epoch, and does not boot. */
  | {
      readonly type: "state-restored";
      readonly saved: number;
      /** The name of the kept checkpoint that it is, if it is one. */
      readonly checkpoint?: string | undefined;
    }
  /** The guest has come to the MetaService for the first time. */
  | { readonly type: "guest-tools-started" }
  /** The guest has other guest tools than its image, and those ask for the task: what was before is not theirs. */
  | { readonly type: "guest-tools-replaced" }
  | ({ readonly type: "note" } & Note)
  | ({ readonly type: "task-result" } & TaskOutcome)
  /** The guest has gone back to a checkpoint before its result, which is open again. */
  | { readonly type: "task-reopened" }
  | ({ readonly type: "run-finished" } & RunUse & TaskOutcome)
  /** It failed or, with an `interrupted` error, was stopped before the task had a result. */
  | ({ readonly type: "run-failed"; readonly error: ErrorData } & RunUse)
);

/** How often the rules of a run were applied, and the expectations of its scenario met. */
interface RunUse {
  readonly rules?: readonly RuleUse[] | undefined;
  readonly expectations?: ExpectationCounts | undefined;
}

const isRunEventType: Readonly<Record<RunEvent["type"], true>> = {
  "run-started": true,
  "state-restored": true,
  "guest-tools-started": true,
  "guest-tools-replaced": true,
  note: true,
  "task-result": true,
  "task-reopened": true,
  "run-finished": true,
  "run-failed": true,
};

/** Tells a run's events from others in a session's log. */
export function isRunEvent<Event extends { readonly type: string }>(event: Event): event is Event & RunEvent {
  return event.type in isRunEventType;
}

/** The request with which a run was started. */
export type RunRequest = Omit<Extract<RunEvent, { type: "run-started" }>, "time" | "type" | "folder">;

/** The state of a run. */
export interface RunState {
  /** Absent before it has started. */
  readonly request?: RunRequest;
  readonly started: number;
  /** When the state was saved that the guest continues from; absent if it boots. */
  readonly stateSaved?: number;
  /** The name of the kept checkpoint that it continues from. */
  readonly checkpoint?: string | undefined;
  /** When the guest tools were first heard of. */
  readonly toolsStarted?: number;
  /** The result that the guest has reported, and when: the guest may be left running after that. */
  readonly reported?: TaskOutcome & { readonly time: number };
  readonly outcome:
    | { readonly status: "running" }
    | ({
        readonly status: "finished";
        readonly finished: number;
        readonly rules?: readonly RuleUse[] | undefined;
      } & TaskOutcome)
    | {
        readonly status: "failed" | "cancelled";
        readonly finished: number;
        readonly error: ErrorData;
        readonly expectations?: ExpectationCounts | undefined;
        readonly rules?: readonly RuleUse[] | undefined;
      };
}

export const initialRunState: RunState = { started: 0, outcome: { status: "running" } };

/** The state after one more event. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case "run-started": {
      const { time, type: _type, folder: _folder, ...request } = event;
      return { ...initialRunState, request, started: time };
    }
    case "state-restored":
      return { ...state, stateSaved: event.saved, checkpoint: event.checkpoint };
    case "guest-tools-started":
    case "guest-tools-replaced":
      return { ...state, toolsStarted: event.time };
    case "task-result":
      return { ...state, reported: { time: event.time, result: event.result, exit: event.exit } };
    case "task-reopened": {
      const { reported: _undone, ...open } = state;
      return open;
    }
    case "run-finished": {
      const { time: finished, result, exit, rules } = event;
      return { ...state, outcome: { status: "finished", finished, result, exit, rules } };
    }
    case "run-failed": {
      const { time: finished, error, expectations, rules } = event;
      const status = isCancellation(error) ? "cancelled" : "failed";
      return { ...state, outcome: { status, finished, error, expectations, rules } };
    }
    case "note":
      return state;
    default:
      return assertNever(event);
  }
}

/** The title of a run for people. @param image the path of the archive */
export function runTitle(image: string): string {
  return `Run of ${imageName(image)}`;
}

/** The name of an image, from the path of its archive. */
export function imageName(image: string): string {
  return image.slice(image.lastIndexOf("/") + 1).replace(/\.tar\.(lz4|zst)$/, "");
}
