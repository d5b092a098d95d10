import { describeGrowth } from "../../shared/contents/growth.ts";
import { describeUpToDate } from "../../shared/library/describe-changes.ts";
import { failedStep, type InstallState } from "../../shared/recipe/install-state.ts";
import { describeStep } from "../../shared/recipe/install-step.ts";
import { describeRuleUse } from "../../shared/rules/rule-event.ts";
import {
  type AwaitedInput,
  type BuildEvent,
  type BuildState,
  buildSteps,
  initialBuildState,
  reduceBuild,
  type StepState,
} from "../../shared/session/build.ts";
import { escapeText } from "../../shared/text/escape-name.ts";
import { excerpt } from "../../shared/text/excerpt.ts";
import { formatBytes, formatDuration } from "../../shared/text/format.ts";
import { stripControls } from "../../shared/text/strip-controls.ts";
import { divertMessages, print, printJson, printMessage } from "./print.ts";
import { progressBar } from "./progress-bar.ts";
import { createLines } from "./terminal-lines.ts";

/** Shows the progress of a build to the person who runs the command. */
export interface Progress extends Disposable {
  readonly onBuildEvent: (event: BuildEvent) => void;
  /** Shows the unfinished line of a command that waits for input, with the input so far. */
  readonly showLine: (line: string) => void;
}

interface ProgressOptions {
  readonly json?: boolean;
  /** Whether the guest's console is on the same terminal. */
  readonly sharesTerminal?: boolean;
}

/** Steps that change in place on a terminal, plain lines in a pipe, one JSON object a line on stdout when asked. */
export function createProgress({ json, sharesTerminal }: ProgressOptions): Progress {
  if (json) return jsonProgress();
  return process.stderr.isTTY && !sharesTerminal ? terminalProgress() : plainProgress();
}

function jsonProgress(): Progress {
  return {
    onBuildEvent: (event) => printJson(event),
    showLine: () => {},
    [Symbol.dispose]: () => {},
  };
}

function plainProgress(): Progress {
  let state = initialBuildState;
  return {
    onBuildEvent(event) {
      state = reduceBuild(state, event);
      const line = plainLine(state, event);
      if (line !== undefined) printMessage(`${line}\n`);
      if (event.type === "build-finished") printResult(state, event);
    },
    showLine: () => {},
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

/** The lines that stay, however the steps are shown. */
function messageLine(event: BuildEvent): string | undefined {
  switch (event.type) {
    case "note":
      return `note: ${event.text}`;
    case "output":
      return `  ${stripControls(event.text)}`;
    case "command-waits":
      return describeWait(event);
    case "guest-log":
      return `  guest | ${stripControls(event.text)}`;
    case "step-reused":
      return `${buildSteps[event.step]}: reused from an earlier build`;
    case "guest-kept":
      return describeKept(event.error.message, event.wasOff);
    case "install-step-failed":
      return describeFailedStep(event.index + 1, event.error.message);
    case "guest-off":
      return `${event.text}\nChoose what to do: tinsmith choose package, boot or discard.`;
    default:
      return undefined;
  }
}

function describeKept(message: string, wasOff: boolean): string {
  const guest = wasOff ? "is started again without its CDs" : "is left running";
  return `The build failed: ${message}.\nThe guest ${guest}. Inspect it in the window (tinsmith serve). Press Ctrl-C to end it.`;
}

function describeFailedStep(number: number, message: string): string {
  return `Install step ${number} has failed: ${message}.\nThe guest runs on. Change the step in the window (tinsmith serve) or with tinsmith steps change ${number} STEP, or give up with tinsmith steps give-up.`;
}

function describeWait({ command, prompt, isCertain }: AwaitedInput): string {
  const how = process.stdin.isTTY ? "\nType it, and press Enter." : "";
  const what = isCertain
    ? `${command} waits for input${prompt ? `: ${prompt}` : "."}`
    : `${command} has printed nothing for a minute; it may wait for input.`;
  return `${what}${how}`;
}

/** Characters of an install step on its line. */
const shownStep = 50;

/** The interval of updates of the running times on a terminal, in milliseconds. */
const redrawMilliseconds = 100;

function terminalProgress(): Progress {
  let state = initialBuildState;
  let unfinishedLine = "";
  const log = createLines();
  const draw = () => {
    const text = state.awaitedInput ? `  ${stripControls(unfinishedLine)}` : terminalText(state, Date.now());
    log(escapeText(text));
  };
  const timer = setInterval(draw, redrawMilliseconds);
  const diverted = divertMessages((text) => log.persist(text.replace(/\n$/, "")));
  const finish = () => {
    draw();
    log.done();
  };
  return {
    onBuildEvent(event) {
      state = reduceBuild(state, event);
      const line = messageLine(event);
      if (line !== undefined) log.persist(escapeText(line));
      if (event.type === "build-finished" || event.type === "build-failed") finish();
      if (event.type === "build-finished") printResult(state, event);
    },
    showLine: (line) => {
      unfinishedLine = line;
      if (state.awaitedInput) draw();
    },
    [Symbol.dispose]: () => {
      clearInterval(timer);
      diverted[Symbol.dispose]();
    },
  };
}

/** The build's title and steps, each with its time. */
export function terminalText(state: BuildState, now: number): string {
  const end = state.outcome.status === "running" ? (state.kept?.since ?? now) : state.outcome.finished;
  const isOver = state.outcome.status !== "running" || state.kept !== undefined;
  const mark = state.outcome.status === "cancelled" ? "–" : isOver ? "✗" : "…";
  const install = state.outcome.status === "running" && state.install && installText(state.install);
  return [
    state.title,
    ...state.steps.map((step) => `  ${stepText(step, end, mark)}`),
    ...(install ? [`    ${install}`] : []),
  ].join("\n");
}

/** The install step that is being done, on one line. */
function installText(install: InstallState): string | undefined {
  const current = install.steps[install.next];
  if (!current) return undefined;
  const { kind, text } = describeStep(current.step);
  const how = failedStep(install) ? ", has failed" : install.isPaused ? ", paused" : "";
  return `install step ${install.next + 1} of ${install.steps.length}${how}: ${kind} ${stripControls(excerpt(text, shownStep))}`;
}

/** @param unfinished the mark of a step that was not finished */
function stepText(step: StepState, now: number, unfinished: string): string {
  const mark = step.finished !== undefined ? "✓" : unfinished;
  if (step.isReused) return `${mark} ${buildSteps[step.step].padEnd(12)}${"reused".padStart(10)}`;
  const time = formatDuration((step.finished ?? now) - step.started).padStart(10);
  const isMoving = step.finished === undefined && step.fraction !== undefined;
  const bar = isMoving ? `  ${progressBar(step.fraction)}` : "";
  return `${mark} ${buildSteps[step.step].padEnd(12)}${time}${bar}`;
}

type FinishedBuild = Extract<BuildEvent, { type: "build-finished" }>;

function printResult(state: BuildState, { result, rules, upToDate }: FinishedBuild): void {
  if (state.outcome.status !== "succeeded") return;
  if (upToDate) {
    print(`${result.path}: ${describeUpToDate(upToDate, Date.now())}\n`);
    return;
  }
  const total = state.outcome.finished - state.started;
  const rest = formatDuration(total - result.guestMilliseconds);
  print(
    `${result.path}: ${formatBytes(result.size)}, sha256 ${result.digest}\n` +
      `Took ${formatDuration(total)}: the guest ${formatDuration(result.guestMilliseconds)}, all else ${rest}\n`,
  );
  if (result.growth) print(`${describeGrowth(result.growth)}\n`);
  if (rules) print(`${describeRuleUse(rules)}\n`);
}
