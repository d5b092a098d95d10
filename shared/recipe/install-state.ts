import type { ErrorData } from "../errors/error-data.ts";
import type { ConsoleName, InstallStep } from "./install-step.ts";

/** The install steps of a build, as its log has them. */
export type InstallEvent =
  /** The steps that are going to be done, from the first on. */
  | { readonly type: "install-steps"; readonly console: ConsoleName; readonly steps: readonly InstallStep[] }
  /** A step begins. */
  | { readonly type: "install-step-started"; readonly index: number }
  /** It is done. @param found the text that a wait has found */
  | { readonly type: "install-step-done"; readonly index: number; readonly found?: string | undefined }
  /** A wait has not found its text in time, or the guest got another line than was typed. The guest runs on, and a person can change the step. */
  | { readonly type: "install-step-failed"; readonly index: number; readonly error: ErrorData }
  /** This step is the next one: a person has chosen it, or the guest went back to a checkpoint before it. */
  | { readonly type: "install-next"; readonly index: number }
  /** A person has changed a step, which is not being done. */
  | { readonly type: "install-step-changed"; readonly index: number; readonly to: InstallStep }
  /** Whether the next step waits for a person. */
  | { readonly type: "install-paused"; readonly isPaused: boolean };

/** The types of the events, to tell them from others. */
export const installEventTypes: Readonly<Record<InstallEvent["type"], true>> = {
  "install-steps": true,
  "install-step-started": true,
  "install-step-done": true,
  "install-step-failed": true,
  "install-next": true,
  "install-step-changed": true,
  "install-paused": true,
};

export function isInstallEvent<Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, InstallEvent> {
  return Object.hasOwn(installEventTypes, event.type);
}

export interface InstallStepState {
  readonly step: InstallStep;
  /** Milliseconds since the epoch. */
  readonly started?: number;
  readonly finished?: number;
  /** The text that a wait has found. */
  readonly found?: string | undefined;
  /** Why its wait has found nothing; its details are the console's last lines. */
  readonly error?: ErrorData;
}

/** The install steps of a build. */
export interface InstallState {
  readonly console: ConsoleName;
  readonly steps: readonly InstallStepState[];
  /** The index of the step that is being done, or is next; the number of steps when all are done. */
  readonly next: number;
  readonly isPaused: boolean;
}

/** The step that waits for a person because its wait has found nothing. */
export function failedStep({ steps, next }: InstallState): InstallStepState | undefined {
  const step = steps[next];
  return step?.error ? step : undefined;
}

/** The state after one more event. @param state undefined before the first */
export function reduceInstall(
  state: InstallState | undefined,
  event: InstallEvent & { readonly time: number },
): InstallState | undefined {
  if (event.type === "install-steps") {
    const { console, steps } = event;
    return { console, steps: steps.map((step) => ({ step })), next: 0, isPaused: false };
  }
  if (!state) return undefined;
  const change = (index: number, changed: Omit<InstallStepState, "step">): InstallState["steps"] =>
    state.steps.map((one, at) => (at === index ? { step: one.step, ...changed } : one));
  switch (event.type) {
    case "install-step-started":
      return { ...state, next: event.index, steps: change(event.index, { started: event.time }) };
    case "install-step-done": {
      const { index, found, time } = event;
      const started = state.steps[index]?.started ?? time;
      const steps = change(index, { started, finished: time, ...(found !== undefined && { found }) });
      return { ...state, next: index + 1, steps };
    }
    case "install-step-failed": {
      const { index, error } = event;
      const started = state.steps[index]?.started ?? event.time;
      return { ...state, next: index, steps: change(index, { started, finished: event.time, error }) };
    }
    case "install-next": {
      const steps = state.steps.map((one, index) => (index < event.index ? one : { step: one.step }));
      return { ...state, next: event.index, steps };
    }
    case "install-step-changed": {
      const { index, to: step } = event;
      return { ...state, steps: state.steps.map((one, at) => (at === index ? { step } : one)) };
    }
    case "install-paused":
      return { ...state, isPaused: event.isPaused };
    default:
      return state;
  }
}
