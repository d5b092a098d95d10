import type { Task } from "../../shared/guest-protocol.ts";
import type { RunRequest } from "../../shared/run.ts";
import type { RunForm } from "./known-commands.ts";

/** What is wrong with a form, by its fields; empty when it can be run. */
export type FormIssues = Partial<Record<keyof RunForm, string>>;

const variable = /^([A-Za-z_]\w*)=(.*)$/;

export function checkForm({ command, environment, timeout, memory }: RunForm): FormIssues {
  const wrongLine = environmentLines(environment).find((line) => !variable.test(line));
  const issues: FormIssues = {};
  if (command.trim() === "") issues.command = "There must be a command.";
  if (wrongLine !== undefined) issues.environment = `"${wrongLine}" is not of the form NAME=VALUE.`;
  if (timeout !== "" && !(Number(timeout) > 0)) issues.timeout = "A number of seconds, more than 0.";
  if (memory !== "" && !(Number.isInteger(Number(memory)) && Number(memory) > 0))
    issues.memory = "A whole number of MiB, more than 0.";
  return issues;
}

interface RunInput extends Omit<Task, "env"> {
  readonly archive: string;
  readonly command: string[];
  readonly env: Record<string, string>;
  readonly keepAlive: boolean;
  readonly timeout?: number;
  readonly memory?: number;
}

/** What a form that has no issues asks for. */
export function inputOf(
  archive: string,
  { command, environment, timeout, memory, keepAlive }: RunForm,
): RunInput {
  const variables = environmentLines(environment).map((line) => variable.exec(line)?.slice(1) ?? []);
  return {
    archive,
    command: ["sh", "-c", command],
    env: Object.fromEntries(variables),
    keepAlive,
    ...(timeout !== "" && { timeout: Number(timeout) }),
    ...(memory !== "" && { memory: Number(memory) }),
  };
}

/** The form by which a run could have been started. */
export function formOf({ task: { command, env }, keepAlive, timeout, memory }: RunRequest): RunForm {
  const [shell, option, script, ...rest] = command;
  const isScript = shell === "sh" && option === "-c" && script !== undefined && rest.length === 0;
  return {
    command: isScript ? script : command.map(quote).join(" "),
    environment: Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
    timeout: timeout === undefined ? "" : `${timeout}`,
    memory: memory === undefined ? "" : `${memory}`,
    keepAlive,
  };
}

function environmentLines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function quote(word: string): string {
  return /^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
