import { randomInt } from "node:crypto";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import { createBootCheckpoint } from "../runner/boot-checkpoint.ts";
import { readScenario } from "./read-scenario.ts";
import { runScenario, type ScenarioContext, type ScenarioGuest } from "./run-scenario.ts";
import { createSeriesProgress } from "./series-progress.ts";

/**
 * Runs scenarios one after another, each in a session of its own. An image boots once for all of them.
 *
 * @returns success if all expectations were met.
 * @throws AppError as `readScenario` does, before the first run, and as `runScenario` does: the others then don't start
 */
export async function runScenarios(
  files: readonly string[],
  given: ScenarioGuest,
  context: ScenarioContext,
): Promise<TaskOutcome> {
  const scenarios = files.map((file) => ({ file, scenario: readScenario(file) }));
  const isAlone = scenarios.length === 1;
  using cleanup = new DisposableStack();
  const checkpoint = isAlone || "command" in given ? undefined : cleanup.use(createBootCheckpoint());
  const guest = checkpoint ? { ...given, checkpoint } : given;
  const progress = createSeriesProgress(scenarios.map(({ scenario }) => scenario.name));
  let havePassed = true;
  for (const { file, scenario } of scenarios) {
    const seed = scenario.seed ?? randomInt(1, 2 ** 30);
    const run = { file, path: file, scenario, seed, guest, series: progress.next() };
    const result = await runScenario(run, context);
    progress.add(result);
    havePassed &&= result.passed;
  }
  return { result: havePassed ? "success" : "failed" };
}
