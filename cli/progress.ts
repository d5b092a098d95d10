import { createLogUpdate } from "log-update";
import {
  type BuildEvent,
  type BuildResult,
  type BuildState,
  buildSteps,
  initialBuildState,
  reduceBuild,
  type StepState,
} from "../shared/build.ts";
import { formatBytes, formatDuration, printable } from "../shared/format.ts";
import { progressBar } from "./progress-bar.ts";

/** Shows a build to whoever runs the command. */
export interface Progress extends Disposable {
  readonly onEvent: (event: BuildEvent) => void;
}

/** Steps that change in place on a terminal, plain lines in a pipe, one JSON object a line on stdout when asked. */
export function createProgress(options: { readonly json?: boolean }): Progress {
  if (options.json) return jsonProgress();
  return process.stderr.isTTY ? terminalProgress() : plainProgress();
}

function jsonProgress(): Progress {
  return {
    onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
    [Symbol.dispose]: () => {},
  };
}

function plainProgress(): Progress {
  let state = initialBuildState;
  return {
    onEvent(event) {
      state = reduceBuild(state, event);
      const line = plainLine(state, event);
      if (line !== undefined) process.stderr.write(`${line}\n`);
      if (event.type === "build-finished") printResult(state, event.result);
    },
    [Symbol.dispose]: () => {},
  };
}

function plainLine(state: BuildState, event: BuildEvent): string | undefined {
  switch (event.type) {
    case "build-started":
      return `${event.title} (session ${event.session})`;
    case "step-finished": {
      const step = state.steps.findLast((one) => one.step === event.step);
      return step && `${buildSteps[step.step]}: ${formatDuration(event.time - step.started)}`;
    }
    default:
      return messageLine(event);
  }
}

/** The lines that stay, whatever shows the steps. */
function messageLine(event: BuildEvent): string | undefined {
  switch (event.type) {
    case "note":
      return `note: ${event.text}`;
    case "output":
      return `  ${printable(event.text)}`;
    case "guest-log":
      return `  guest | ${printable(event.text)}`;
    case "step-reused":
      return `${buildSteps[event.step]}: as an earlier build made it`;
    case "guest-kept":
      return describeKept(event.error.message, event.wasOff);
    case "guest-off":
      return `${event.text}\nSay what to do: tinsmith choose package, boot or discard.`;
    default:
      return undefined;
  }
}

function describeKept(message: string, wasOff: boolean): string {
  const guest = wasOff ? "is started again without its CDs" : "is left running";
  return `The build failed: ${message}.\nThe guest ${guest}. Look into it in the window (tinsmith serve); Ctrl-C ends it.`;
}

/** How often the running times on a terminal change, in milliseconds. */
const redrawMilliseconds = 100;

function terminalProgress(): Progress {
  let state = initialBuildState;
  const log = createLogUpdate(process.stderr);
  const draw = () => log(terminalText(state, Date.now()));
  const timer = setInterval(draw, redrawMilliseconds);
  const finish = () => {
    draw();
    log.done();
  };
  return {
    onEvent(event) {
      state = reduceBuild(state, event);
      const line = messageLine(event);
      if (line !== undefined) log.persist(line);
      if (event.type === "build-finished" || event.type === "build-failed") finish();
      if (event.type === "build-finished") printResult(state, event.result);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** The build's title and steps, each with its time. */
export function terminalText(state: BuildState, now: number): string {
  const end = state.outcome.status === "running" ? (state.kept?.since ?? now) : state.outcome.finished;
  const failed = state.outcome.status === "failed" || state.kept !== undefined;
  return [state.title, ...state.steps.map((step) => `  ${stepText(step, end, failed)}`)].join("\n");
}

function stepText(step: StepState, now: number, failed: boolean): string {
  const mark = step.finished !== undefined ? "✓" : failed ? "✗" : "…";
  if (step.isReused) return `${mark} ${buildSteps[step.step].padEnd(12)}${"reused".padStart(10)}`;
  const time = formatDuration((step.finished ?? now) - step.started).padStart(10);
  const isMoving = step.finished === undefined && step.fraction !== undefined;
  const bar = isMoving ? `  ${progressBar(step.fraction)}` : "";
  return `${mark} ${buildSteps[step.step].padEnd(12)}${time}${bar}`;
}

function printResult(state: BuildState, result: BuildResult): void {
  if (state.outcome.status !== "succeeded") return;
  const total = state.outcome.finished - state.started;
  const rest = formatDuration(total - result.guestMilliseconds);
  process.stdout.write(
    `${result.path}: ${formatBytes(result.size)}, sha256 ${result.digest}\n` +
      `Took ${formatDuration(total)}: the guest ${formatDuration(result.guestMilliseconds)}, all else ${rest}\n`,
  );
}
