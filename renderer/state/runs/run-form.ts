import type { Task } from "../../../shared/guest/guest-protocol.ts";
import { limits } from "../../../shared/limits.ts";
import type { RunRequest } from "../../../shared/session/run.ts";
import { quoteForShell } from "../../../shared/text/quote-for-shell.ts";
import { wholeNumberIssue } from "../forms/field-issues.ts";
import type { RunForm } from "./run-history.ts";

/** The problems of a form, by its fields; empty when it can be run. */
export type FormIssues = Partial<Record<keyof RunForm, string>>;

const variable = /^([A-Za-z_]\w*)=(.*)$/;

export function checkForm({ command, environment, timeout, memory }: RunForm): FormIssues {
  const wrongLine = environmentLines(environment).find((line) => !variable.test(line));
  const issues: FormIssues = {};
  if (command.trim() === "") issues.command = "Enter a command.";
  if (wrongLine !== undefined) issues.environment = describeWrongLine(wrongLine);
  const timeoutIssue = wholeNumberIssue(timeout, limits.timeout, "seconds");
  if (timeoutIssue) issues.timeout = timeoutIssue;
  const memoryIssue = wholeNumberIssue(memory, limits.memory, "MiB");
  if (memoryIssue) issues.memory = memoryIssue;
  return issues;
}

/** A form that was remembered has names without values. */
function describeWrongLine(line: string): string {
  return /^[A-Za-z_]\w*$/.test(line)
    ? `${line} has no value: values are not remembered. Write ${line}=VALUE.`
    : `"${line}" is not of the form NAME=VALUE.`;
}

interface RunInput extends Omit<Task, "env"> {
  readonly archive: string;
  readonly command: string[];
  readonly env: Record<string, string>;
  readonly keepAlive: boolean;
  readonly tty?: false;
  readonly timeout?: number;
  readonly memory?: number;
}

/** The request of a form that has no issues. */
export function inputOf(
  archive: string,
  { command, environment, timeout, memory, keepAlive, terminal }: RunForm,
): RunInput {
  const variables = environmentLines(environment).map((line) => variable.exec(line)?.slice(1) ?? []);
  return {
    archive,
    command: ["sh", "-c", command],
    env: Object.fromEntries(variables),
    keepAlive,
    ...(!terminal && { tty: false }),
    ...(timeout !== "" && { timeout: Number(timeout) }),
    ...(memory !== "" && { memory: Number(memory) }),
  };
}

/** A command as a person would type it. */
export function commandText(command: readonly string[]): string {
  const [shell, option, script, ...rest] = command;
  const isScript = shell === "sh" && option === "-c" && script !== undefined && rest.length === 0;
  return isScript ? script : command.map(quoteForShell).join(" ");
}

/** The form by which a run could have been started. */
export function formOf({ task: { command, env, tty }, keepAlive, timeout, memory }: RunRequest): RunForm {
  return {
    command: commandText(command),
    environment: Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
    timeout: timeout === undefined ? "" : `${timeout}`,
    memory: memory === undefined ? "" : `${memory}`,
    keepAlive,
    terminal: tty !== false,
  };
}

function environmentLines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
