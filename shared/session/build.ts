import { z } from "zod";
import type { ImageGrowth } from "../contents/growth.ts";
import { type ErrorData, isCancellation } from "../errors/error-data.ts";
import { assertNever } from "../errors/errors.ts";
import type { TaskExit } from "../guest/task-outcome.ts";
import type { InstallChoices } from "../recipe/install-choices.ts";
import {
  type InstallEvent,
  type InstallState,
  installEventTypes,
  reduceInstall,
} from "../recipe/install-state.ts";
import type { RuleUse } from "../rules/rule-event.ts";
import type { Note } from "./note.ts";

/** The steps that a build can have, in the order in which they come. */
export const buildSteps = {
  "install-iso": "Install ISO",
  disk: "Disk",
  "guest-tools": "Guest tools",
  "data-cd": "Data CD",
  boot: "Boot",
  // In place of booting: the guest continues from a saved state.
  restore: "Restore",
  guest: "Guest",
  pack: "Pack",
} as const;

export type BuildStep = keyof typeof buildSteps;

/**
 * The choices of a person when the guest of an installation by hand is off: package its disk, boot it again, or
 * discard it.
 */
export const offChoices = ["package", "boot", "discard"] as const;
export type OffChoice = (typeof offChoices)[number];

/** The result of a build. */
export interface BuildResult {
  readonly path: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** SHA-256 of the archive, in hexadecimal. */
  readonly digest: string;
  /** From QEMU's start to the guest's power-off, in milliseconds. */
  readonly guestMilliseconds: number;
  /** How its files differ from those of the image before it, if that is known. */
  readonly growth?: ImageGrowth | undefined;
}

/** An archive that a build would make again from the same. */
export const upToDateArchiveSchema = z.object({
  /** When its build ended, in milliseconds since the epoch. */
  built: z.number(),
  /** The number of its inputs. */
  inputs: z.number(),
});
export type UpToDateArchive = z.infer<typeof upToDateArchiveSchema>;

/** A command on the host that waits for input on its terminal. */
export interface AwaitedInput {
  /** The command, as one line. */
  readonly command: string;
  /** Its last output that has no end of line yet, such as a question; it may be empty. */
  readonly prompt: string;
  /** False for a command that only did nothing for a long time. */
  readonly isCertain: boolean;
}

/** An event of a build, as it is logged, shown and scripted. `time` is in milliseconds since the epoch. */
export type BuildEvent = { readonly time: number } & (
  | {
      readonly type: "build-started";
      readonly title: string;
      readonly session: string;
      readonly folder: string;
      readonly output: string;
      /** Whether a person installs the guest, with `choices` in place of the recipe's values. */
      readonly isByHand?: boolean;
      readonly choices?: InstallChoices | undefined;
    }
  | { readonly type: "step-started"; readonly step: BuildStep }
  | {
      readonly type: "step-progress";
      readonly step: BuildStep;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: "step-finished"; readonly step: BuildStep }
  /** The step reuses the result of an earlier build. */
  | { readonly type: "step-reused"; readonly step: BuildStep }
  /** A note for the person, such as about a device that this QEMU lacks and its replacement. */
  | ({ readonly type: "note" } & Note)
  /** A command on the host begins: the output that follows is its own. One runs at a time. */
  | { readonly type: "command-started"; readonly command: string }
  | { readonly type: "command-ended"; readonly exit: TaskExit }
  /** A line that a command on the host printed. */
  | { readonly type: "output"; readonly text: string }
  /** A command on the host waits for input on its terminal, or asks something else. */
  | ({ readonly type: "command-waits" } & AwaitedInput)
  | { readonly type: "command-continues" }
  | InstallEvent
  /** A line that the guest posted to its log. */
  | { readonly type: "guest-log"; readonly text: string }
  /** The guest of an installation by hand is off: the build waits for a person's choice. */
  | { readonly type: "guest-off"; readonly text: string }
  | { readonly type: "choice-made"; readonly choice: OffChoice }
  /** Whether the guest is kept when the build fails; that may change while it runs. */
  | { readonly type: "keep-failed"; readonly isWanted: boolean }
  /** The build has failed, and its guest is kept until a person ends it; it was off, and is started again. */
  | { readonly type: "guest-kept"; readonly error: ErrorData; readonly wasOff: boolean }
  | {
      readonly type: "build-finished";
      readonly result: BuildResult;
      /** Set when nothing was built: the guest tools are the same as those of the existing archive. */
      readonly upToDate?: UpToDateArchive | undefined;
      /** The rules that the session has had. */
      readonly rules?: readonly RuleUse[] | undefined;
    }
  /** It failed or, with an `interrupted` error, was cancelled. A retry need not do the reusable steps again. */
  | {
      readonly type: "build-failed";
      readonly error: ErrorData;
      readonly reusable?: readonly BuildStep[];
      readonly rules?: readonly RuleUse[] | undefined;
    }
);

const isBuildEventType: Readonly<Record<BuildEvent["type"], true>> = {
  "build-started": true,
  "step-started": true,
  "step-progress": true,
  "step-finished": true,
  "step-reused": true,
  note: true,
  "command-started": true,
  "command-ended": true,
  output: true,
  "command-waits": true,
  "command-continues": true,
  ...installEventTypes,
  "guest-log": true,
  "guest-off": true,
  "choice-made": true,
  "keep-failed": true,
  "guest-kept": true,
  "build-finished": true,
  "build-failed": true,
};

/** The types of a build's events, to tell them from others in a session's log. */
export const buildEventTypes: ReadonlySet<string> = new Set(Object.keys(isBuildEventType));

export interface StepState {
  readonly step: BuildStep;
  readonly started: number;
  /** Absent while the step runs. */
  readonly finished?: number;
  /** How much of it is done, from 0 to 1, where that is known. */
  readonly fraction?: number;
  /** It was done in an earlier build. */
  readonly isReused?: boolean;
}

/** The state of a build: the one source for every view of it. */
export interface BuildState {
  readonly title: string;
  /** The session's id; empty before the build has started. */
  readonly session: string;
  /** The archive to be built. */
  readonly output: string;
  readonly started: number;
  /** Whether a person installs the guest, which takes as long as it takes. */
  readonly isByHand?: boolean;
  readonly choices?: InstallChoices;
  readonly steps: readonly StepState[];
  /** The question to the person: how the guest went off. */
  readonly question?: string | undefined;
  /** Set while a command on the host waits for input. */
  readonly awaitedInput?: AwaitedInput | undefined;
  /** The install steps, where there are any. */
  readonly install?: InstallState | undefined;
  /** Whether the guest is kept when the build fails; absent when it can't be. */
  readonly keepsFailed?: boolean;
  /** Set while the guest of a build that has failed is kept. */
  readonly kept?: { readonly since: number; readonly error: ErrorData; readonly wasOff: boolean } | undefined;
  readonly outcome:
    | { readonly status: "running" }
    | {
        readonly status: "succeeded";
        readonly finished: number;
        readonly result: BuildResult;
        readonly upToDate?: UpToDateArchive | undefined;
        readonly rules?: readonly RuleUse[] | undefined;
      }
    | {
        readonly status: "failed" | "cancelled";
        readonly finished: number;
        readonly error: ErrorData;
        readonly reusable: readonly BuildStep[];
        readonly rules?: readonly RuleUse[] | undefined;
      };
}

export const initialBuildState: BuildState = {
  title: "",
  session: "",
  output: "",
  started: 0,
  steps: [],
  outcome: { status: "running" },
};

/** The state after one more event. */
export function reduceBuild(state: BuildState, event: BuildEvent): BuildState {
  switch (event.type) {
    case "build-started":
      return {
        ...initialBuildState,
        title: event.title,
        session: event.session,
        output: event.output,
        started: event.time,
        ...(event.isByHand && { isByHand: true, choices: event.choices ?? {} }),
      };
    case "step-started":
      return { ...state, steps: [...state.steps, { step: event.step, started: event.time }] };
    case "step-progress":
      return changeStep(state, event.step, { fraction: event.total > 0 ? event.done / event.total : 1 });
    case "step-finished":
      return changeStep(state, event.step, { finished: event.time });
    case "step-reused":
      return {
        ...state,
        steps: [
          ...state.steps,
          { step: event.step, started: event.time, finished: event.time, isReused: true },
        ],
      };
    case "command-waits":
      return { ...state, awaitedInput: event };
    case "command-continues":
      return { ...state, awaitedInput: undefined };
    case "install-steps":
    case "install-step-started":
    case "install-step-done":
    case "install-step-failed":
    case "install-next":
    case "install-step-changed":
    case "install-paused":
      return { ...state, install: reduceInstall(state.install, event) };
    case "keep-failed":
      return { ...state, keepsFailed: event.isWanted };
    case "guest-kept":
      return { ...state, kept: { since: event.time, error: event.error, wasOff: event.wasOff } };
    case "guest-off":
      return { ...state, question: event.text };
    case "choice-made":
      return { ...state, question: undefined };
    case "build-finished":
      return {
        ...state,
        outcome: {
          status: "succeeded",
          finished: event.time,
          result: event.result,
          upToDate: event.upToDate,
          rules: event.rules,
        },
      };
    case "build-failed":
      return {
        ...state,
        question: undefined,
        awaitedInput: undefined,
        kept: undefined,
        outcome: {
          status: isCancellation(event.error) ? "cancelled" : "failed",
          finished: state.kept?.since ?? event.time,
          error: event.error,
          reusable: event.reusable ?? [],
          rules: event.rules,
        },
      };
    case "note":
    case "command-started":
    case "command-ended":
    case "output":
    case "guest-log":
      return state;
    default:
      return assertNever(event);
  }
}

/** Changes the last step of that name: one that was done again, on another accelerator, is there twice. */
function changeStep(state: BuildState, step: BuildStep, change: Partial<StepState>): BuildState {
  const last = state.steps.findLastIndex((one) => one.step === step);
  return { ...state, steps: state.steps.map((one, index) => (index === last ? { ...one, ...change } : one)) };
}
