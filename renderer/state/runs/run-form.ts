import type { Task } from "../../../shared/guest/guest-protocol.ts";
import { limits } from "../../../shared/limits.ts";
import { type PortForward, parsePortForward } from "../../../shared/session/port-forward.ts";
import type { RunRequest } from "../../../shared/session/run.ts";
import { commandText } from "../../../shared/session/session-name.ts";
import { portForwardsIssue, wholeNumberIssue, wordsOf } from "../forms/field-issues.ts";
import type { RunForm } from "./run-history.ts";

/** The problems of a form, by its fields; empty when it can be run. */
export type FormIssues = Partial<Record<keyof RunForm, string>>;

const variable = /^([A-Za-z_]\w*)=(.*)$/;

export function checkForm({ command, environment, timeout, memory, forward }: RunForm): FormIssues {
  const wrongLine = environmentLines(environment).find((line) => !variable.test(line));
  const issues: FormIssues = {};
  if (command.trim() === "") issues.command = "Enter a command.";
  if (wrongLine !== undefined) issues.environment = describeWrongLine(wrongLine);
  const timeoutIssue = wholeNumberIssue(timeout, limits.timeout, "seconds");
  if (timeoutIssue) issues.timeout = timeoutIssue;
  const memoryIssue = wholeNumberIssue(memory, limits.memory, "MiB");
  if (memoryIssue) issues.memory = memoryIssue;
  const forwardIssue = portForwardsIssue(forward);
  if (forwardIssue) issues.forward = forwardIssue;
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
  readonly forward?: PortForward[];
  readonly pcap?: string;
  readonly boots?: true;
}

/** The request of a form that has no issues. @param pcap the file for the packets of the network, if they are recorded */
export function inputOf(
  archive: string,
  { command, environment, timeout, memory, keepAlive, terminal, forward, recordsNetwork, boots }: RunForm,
  pcap: string,
): RunInput {
  const forwards = wordsOf(forward).flatMap((word) => parsePortForward(word) ?? []);
  const variables = environmentLines(environment).map((line) => variable.exec(line)?.slice(1) ?? []);
  return {
    archive,
    command: ["sh", "-c", command],
    env: Object.fromEntries(variables),
    keepAlive,
    ...(!terminal && { tty: false }),
    ...(timeout !== "" && { timeout: Number(timeout) }),
    ...(memory !== "" && { memory: Number(memory) }),
    ...(forwards.length > 0 && { forward: forwards }),
    ...(recordsNetwork && { pcap }),
    ...(boots && { boots }),
  };
}

/** The form by which a run could have been started. */
export function formOf({
  task,
  keepAlive,
  timeout,
  memory,
  forward = [],
  pcap,
  boots = false,
}: RunRequest): RunForm {
  const { command, env, tty } = task;
  return {
    command: commandText(command),
    environment: Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n"),
    timeout: timeout === undefined ? "" : `${timeout}`,
    memory: memory === undefined ? "" : `${memory}`,
    keepAlive,
    terminal: tty !== false,
    forward: forward.map(({ host, guest }) => `${host}:${guest}`).join(" "),
    recordsNetwork: pcap !== undefined,
    boots,
  };
}

function environmentLines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
