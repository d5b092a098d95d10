import { dirname, resolve } from "node:path";
import type { Scenario } from "../../shared/scenario/scenario.ts";
import { maximumScenarioBytes, parseScenario } from "../../shared/scenario/scenario-file.ts";
import { statusOf } from "../files/regular-file.ts";
import { readTextFile } from "../files/text-file.ts";
import { readImageSet } from "../image-set/image-set.ts";

/** Reads a scenario. @throws AppError `invalid-scenario`; as `readTextFile` when it can't be read */
export function readScenario(file: string): Scenario {
  const path = resolve(file);
  return parseScenario(
    readTextFile(path, { maximumBytes: maximumScenarioBytes, code: "invalid-scenario" }),
    path,
  );
}

/** The worker image of the image set that a scenario's file belongs to, in its folder `scenarios`; undefined if there is none. */
export function imageOfScenario(file: string): string | undefined {
  const set = dirname(dirname(resolve(file)));
  return statusOf(resolve(set, "recipe.yaml")) ? readImageSet(set).workerImage : undefined;
}
