import { stringify } from "yaml";
import { isCancellation } from "../../../shared/errors/error-data.ts";
import { AppError } from "../../../shared/errors/errors.ts";
import { limits } from "../../../shared/limits.ts";
import type { SavedScenario } from "../../../shared/scenario/saved-scenario.ts";
import { defaultTimeout, type Scenario, type ScenarioInput } from "../../../shared/scenario/scenario.ts";
import type { RunEvent } from "../../../shared/session/run.ts";
import type { SessionEvent } from "../../../shared/session/session-event.ts";
import { readSessionLog } from "../../session-record/session-log-reader.ts";
import type { SessionPaths } from "../../storage/paths.ts";
import { recordedExchanges } from "./recorded-exchanges.ts";
import { savedActions } from "./saved-actions.ts";
import { savedReleases } from "./saved-releases.ts";
import { savedRules } from "./saved-rules.ts";

/**
 * Makes a scenario of a session: its task, the rules that it had, the actions that its guest was asked for, with their answers,
 * and its result.
 *
 * @param name of the scenario; by default one that names the session
 * @throws AppError `usage` for a build, or a session that has not begun; as `readSessionLog` does.
 */
export async function saveScenario(
  files: SessionPaths,
  id: string,
  name = `As in session ${id}`,
): Promise<SavedScenario> {
  const events: SessionEvent[] = [];
  for await (const some of readSessionLog(files.events)) events.push(...some);
  const started = events.find((event) => event.type === "run-started");
  if (!started) throw notARun(id);
  const exchanges = recordedExchanges(events);
  const { rules, seed, leftOut: leftOutOfRules } = savedRules(events, exchanges);
  const { actions, leftOut } = savedActions(events, files.folder);
  const releases = savedReleases(events, exchanges);
  const allRules = [...rules, ...releases.rules];
  const result = resultOf(events);
  const timeout = timeoutOf(events, started.timeout);
  const { command, env, tty } = started.task;
  const scenario: ScenarioInput = {
    name,
    command: [...command],
    ...(Object.keys(env).length > 0 && { env: { ...env } }),
    ...(tty === false && { tty }),
    ...(timeout !== undefined && { timeout }),
    ...(seed !== undefined && rules.some(({ when }) => when.probability !== undefined) && { seed }),
    ...(allRules.length > 0 && { rules: allRules }),
    ...(actions.length > 0 && { actions: [...actions] }),
    expect: [...(result ?? [])],
  };
  return {
    text: stringify(scenario, { lineWidth: 0 }),
    leftOut: [
      ...leftOutOfRules,
      ...releases.leftOut,
      ...leftOut,
      ...(result ? [] : ["The result is left out: the session had none when it was saved."]),
    ],
  };
}

/**
 * The time-out of the session or, if that was none or messages were held for longer, one in which its actions and its task
 * come to their end again. Seconds; undefined for the default.
 */
function timeoutOf(events: readonly SessionEvent[], given: number | undefined): number | undefined {
  const start = events[0]?.time ?? 0;
  const moments = events.flatMap(({ type, time }) =>
    type === "action-requested" || type === "task-result" ? (time - start) / 1000 : [],
  );
  const needed = Math.ceil(1.5 * Math.max(0, ...moments));
  if (needed <= (given ?? defaultTimeout)) return given;
  return Math.min(needed, limits.timeout);
}

/** The expectation of the session's result; undefined if it had none when it was read, or was stopped before. */
function resultOf(events: readonly SessionEvent[]): Scenario["expect"] | undefined {
  const isEnd = (event: SessionEvent): event is SessionEvent & RunEvent =>
    event.type === "task-result" || event.type === "run-failed";
  const end = events.find(isEnd);
  if (!end || (end.type === "run-failed" && isCancellation(end.error))) return undefined;
  if (end.type !== "task-result") return [{ result: "none" }];
  const { result, exit } = end;
  return [{ result }, ...(exit && exit.status !== 0 ? [{ exit: exit.status }] : [])];
}

function notARun(id: string): AppError {
  return new AppError({
    code: "usage",
    message: `session ${id} is not a run, so it can't be saved as a scenario`,
    advice: "Choose a run, or a MetaService: tinsmith sessions --all lists them.",
  });
}
