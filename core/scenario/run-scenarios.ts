import { randomInt } from "node:crypto";
import type { ScenarioPlan } from "../../shared/contracts/plan.ts";
import type { TaskOutcome } from "../../shared/guest/task-outcome.ts";
import { createBootCheckpoint } from "../runner/boot-checkpoint.ts";
import { readScenario } from "./read-scenario.ts";
import { runScenario, type ScenarioContext } from "./run-scenario.ts";

/**
 * Runs scenarios one after another, each in a session of its own. The image boots once for all of them.
 *
 * @returns success if all expectations were met.
 * @throws AppError as `readScenario` does, before the first run, and as `runScenario` does
 */
export async function runScenarios(
  { files, archive, trusted }: Pick<ScenarioPlan, "files" | "archive" | "trusted">,
  context: ScenarioContext,
): Promise<TaskOutcome> {
  const scenarios = files.map((file) => ({ file, scenario: readScenario(file) }));
  using cleanup = new DisposableStack();
  const checkpoint = scenarios.length > 1 ? cleanup.use(createBootCheckpoint()) : undefined;
  let havePassed = true;
  for (const { file, scenario } of scenarios) {
    const seed = scenario.seed ?? randomInt(1, 2 ** 30);
    const guest = { archive, checkpoint, trusted };
    const { passed } = await runScenario({ file, path: file, scenario, seed, guest }, context);
    havePassed &&= passed;
  }
  return { result: havePassed ? "success" : "failed" };
}
