import { makePlan, type WatchPlan } from "../../shared/contracts/plan.ts";
import { describeOutcome } from "../../shared/guest/task-outcome.ts";
import { describeFailure } from "../../shared/scenario/describe-result.ts";
import type { ScenarioResult } from "../../shared/scenario/scenario-result.ts";
import type { RunEvent } from "../../shared/session/run.ts";
import { formatCount } from "../../shared/text/format.ts";
import type { Verdict } from "../../shared/watch/watch.ts";
import { lastLines } from "../files/folders.ts";
import { createBootCheckpoint } from "../runner/boot-checkpoint.ts";
import type { NewTools } from "../runner/replace-tools.ts";
import { runTask } from "../runner/run-task.ts";
import { readScenario } from "../scenario/read-scenario.ts";
import { runScenario } from "../scenario/run-scenario.ts";
import type { SessionPart } from "../session/serve/served-session.ts";
import { type Paths, sessionPaths } from "../storage/paths.ts";

/** Lines of a failure that a verdict has; all are in its log. */
const shownLines = 15;

interface CheckContext {
  readonly paths: Paths;
  readonly signal: AbortSignal;
  /** As in a run's context. */
  readonly part: SessionPart;
  readonly onSession: (session: string, title: string) => void;
  /** Called when the guest tools of a run have made their first request. */
  readonly onToolsStarted?: (() => void) | undefined;
  /** As in a run's context; without them, the runs boot the image. */
  readonly newTools?: NewTools | undefined;
}

/**
 * Runs the watch's command or scenarios on an image, each in a session of its own. Without any, an empty command shows that
 * the guest tools ask for their task and report its result.
 *
 * @throws AppError as `runTask` and `runScenario` do; the signal's reason
 */
export async function checkImage(archive: string, plan: WatchPlan, context: CheckContext): Promise<Verdict> {
  return plan.scenarios
    ? await runAll(archive, plan.scenarios, plan, context)
    : await runCommandOf(archive, plan, context);
}

async function runCommandOf(archive: string, plan: WatchPlan, context: CheckContext): Promise<Verdict> {
  const { task = { command: ["true"], env: {} }, timeout, memory, trusted } = plan;
  const { paths, signal, part, newTools, onToolsStarted } = context;
  const run = makePlan({
    kind: "run",
    ...{ archive, task, timeout, memory },
    ...(trusted && { trusted: [...trusted] }),
  });
  let session = "";
  const onEvent = (event: RunEvent) => {
    if (event.type === "guest-tools-started") onToolsStarted?.();
    if (event.type !== "run-started") return;
    ({ session } = event);
    context.onSession(session, event.title);
  };
  const observers = { onEvent, onLog: () => {} };
  const outcome = await runTask(run, { paths, signal, part, newTools, ...observers });
  const log = sessionPaths(paths, session).taskLog;
  const text = plan.task ? describeOutcome(outcome) : `the guest tools ran an empty task: ${outcome.result}`;
  return outcome.result === "success"
    ? { outcome: "passed", text, lines: [], session }
    : { outcome: "failed", text, lines: lastLines(log, shownLines), log, session };
}

async function runAll(
  archive: string,
  files: readonly string[],
  { memory, trusted }: WatchPlan,
  context: CheckContext,
): Promise<Verdict> {
  const { paths, signal, onSession, onToolsStarted } = context;
  const scenarios = files.map((file) => ({ file, path: file, scenario: readScenario(file) }));
  using cleanup = new DisposableStack();
  // An image boots once for all of them, as it does for the command "scenario".
  const checkpoint = context.newTools || files.length === 1 ? undefined : cleanup.use(createBootCheckpoint());
  const failed: ScenarioResult[] = [];
  let session = "";
  for (const { scenario, ...file } of scenarios) {
    const onEvent = (event: RunEvent) => {
      if (event.type === "run-started") onSession(event.session, event.title);
      if (event.type === "guest-tools-started") onToolsStarted?.();
    };
    const guest = { archive, memory, trusted, checkpoint };
    const run = { ...file, scenario, seed: scenario.seed ?? 1, guest };
    const { part, newTools } = context;
    const result = await runScenario(run, { paths, signal, onEvent, part, newTools });
    session ||= result.session;
    if (!result.passed) failed.push(result);
  }
  const all = formatCount(scenarios.length, "scenario");
  const [first] = failed;
  if (!first) return { outcome: "passed", text: `${all} passed`, lines: [], session };
  return {
    outcome: "failed",
    text: `${failed.length} of ${all} failed`,
    lines: failed.flatMap(linesOf),
    log: sessionPaths(paths, first.session).taskLog,
    session: first.session,
  };
}

function linesOf({ name, checks }: ScenarioResult): readonly string[] {
  const failed = checks.filter(({ passed }) => !passed);
  return [name, ...failed.flatMap(describeFailure).map((line) => `  ${line}`)];
}
