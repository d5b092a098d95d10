import { type AppError, assertNever } from "../../../shared/errors/errors.ts";
import { describeFinding, type FindingEvent } from "../../../shared/guest/finding.ts";
import { describeOutcome } from "../../../shared/guest/task-outcome.ts";
import { describeRuleUse } from "../../../shared/rules/rule-event.ts";
import type { RunEvent } from "../../../shared/session/run.ts";
import { formatDate } from "../../../shared/text/format.ts";
import { jsonLine, printJson, printMessage, printNote } from "../../support/print.ts";

/** The destinations of a run's events and of its task's log. */
export interface RunOutput {
  readonly onRunEvent: (event: RunEvent) => void;
  readonly onFinding: (finding: FindingEvent) => void;
  /** Settles when the bytes were taken; until then the guest waits. */
  readonly onLog: (bytes: Uint8Array) => Promise<void>;
  /** Takes the error that ended the command, also before there was a session whose events could report it. */
  readonly onError: (error: AppError) => void;
}

export interface RunOutputOptions {
  readonly keepAlive?: boolean;
  readonly json?: boolean;
}

/** As JSON when asked; else the task's log, byte for byte, on stdout, and all else on stderr. */
export function createRunOutput(options: RunOutputOptions, signal: AbortSignal): RunOutput {
  return options.json ? jsonOutput(signal) : textOutput(options, signal);
}

function textOutput({ keepAlive = false }: RunOutputOptions, signal: AbortSignal): RunOutput {
  let session = "";
  return {
    onRunEvent: (event) => {
      if (event.type === "run-started") session = event.session;
      const line = describeEvent(event, keepAlive ? session : undefined);
      if (line) printMessage(`${line}\n`);
    },
    onFinding: (finding) => printNote(describeFinding(finding)),
    onLog: (bytes) => writeToStdout(bytes, signal),
    // Every command prints its error.
    onError: () => {},
  };
}

/** @param staying the id of a session that stays after the task's result */
function describeEvent(event: RunEvent, staying: string | undefined): string | undefined {
  switch (event.type) {
    case "run-started":
      return `session ${event.session}`;
    case "note":
      return `note: ${event.text}`;
    case "state-restored":
      // A note says which checkpoint it is.
      if (event.checkpoint !== undefined) return undefined;
      return `the VM continues from the state that was saved at ${formatDate(event.saved)}`;
    case "guest-tools-started":
      return "the guest tools have started";
    case "guest-tools-replaced":
      return "the guest tools were replaced";
    case "task-result": {
      const result = describeOutcome(event);
      if (staying === undefined) return result;
      return (
        `${result}; the guest is left running, Ctrl-C ends it\n` +
        `look into it with: tinsmith shell --session ${staying} (or ls, get, kill)`
      );
    }
    case "task-reopened":
      return "the task has no result yet, because its guest went back to a checkpoint";
    case "run-finished":
    case "run-failed":
      return event.rules && describeRuleUse(event.rules);
    default:
      return assertNever(event);
  }
}

/** Events and pieces of the log as JSON, one a line, on stdout. */
function jsonOutput(signal: AbortSignal): RunOutput {
  const decoder = new TextDecoder();
  let isFailureTold = false;
  return {
    onRunEvent: (event) => {
      isFailureTold ||= event.type === "run-failed";
      printJson(event);
    },
    onFinding: (finding) => printJson(finding),
    onError: (error) => {
      if (!isFailureTold) printJson({ time: Date.now(), type: "run-failed", error: error.toJSON() });
    },
    onLog: (bytes) => {
      const text = decoder.decode(bytes, { stream: true });
      return writeToStdout(jsonLine({ time: Date.now(), type: "task-log", text }), signal);
    },
  };
}

/** Waits until stdout has taken the data: a slow reader slows the guest, and nothing piles up here. */
async function writeToStdout(data: Uint8Array | string, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  process.stdout.write(data, () => resolve());
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
