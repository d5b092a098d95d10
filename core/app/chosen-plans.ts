import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type {
  InstallOptions,
  RebuildChoices,
  RunChoices,
  ScenarioChoices,
  WatchChoices,
} from "../../shared/contracts/app-contract.ts";
import {
  makePlan,
  type RebuildPlan,
  type RunPlan,
  type ScenarioPlan,
  type WatchPlan,
} from "../../shared/contracts/plan.ts";
import { AppError } from "../../shared/errors/errors.ts";
import { ofField } from "../../shared/errors/of-field.ts";
import { installScript } from "../autopilot/install-script.ts";
import { readImageSet } from "../image-set/image-set.ts";
import { readRules, setRulesFile } from "../image-set/read-rules.ts";
import { scenarioFiles } from "../image-set/set-files.ts";
import { withSteps } from "../image-set/steps-file.ts";
import { checkPath } from "./paths/check-path.ts";

/** The plan of a rebuild that a person has chosen in a window. @throws AppError `invalid-rules`; as `makePlan` */
export function chosenRebuild(
  { image, memory, retry, force, withRules, secrets, ...choices }: RebuildChoices,
  { keepFailed }: { readonly keepFailed: boolean },
): RebuildPlan {
  const folder = resolve(choices.folder);
  const rules = rulesIn(folder, withRules);
  return makePlan({ kind: "rebuild", folder, image, memory, retry, force, keepFailed, rules, secrets });
}

/**
 * Refuses a rebuild whose install steps type a secret that nobody has given, before there is a session. @returns the plan
 *
 * @throws AppError as `installScript`
 */
export function withValues(plan: RebuildPlan): RebuildPlan {
  // A person types them.
  if (plan.byHand) return plan;
  const set = readImageSet(plan.folder);
  if (plan.image === "setup" || !existsSync(set.setupImage))
    installScript(set.folder, withSteps(set, plan.steps).recipe, plan);
  return plan;
}

/**
 * The plan of an installation by hand, or by the steps of a file.
 *
 * @throws AppError `missing-file` and others of `checkPath`; as `makePlan` and `withValues`
 */
export async function chosenInstall({
  folder,
  iso,
  machine,
  ...choices
}: InstallOptions): Promise<RebuildPlan> {
  // Refused at once, before there is a session.
  if (iso && "path" in iso) await ofField("iso", () => checkPath(iso.path, ["iso"]));
  await ofField("machine", () => checkPath(machine, ["machine"]));
  const plan = makePlan({
    ...{ kind: "rebuild", image: "setup", byHand: choices.steps === undefined, folder: resolve(folder) },
    ...{ iso, machine, ...choices },
  });
  return withValues(plan);
}

/**
 * The plan of a run that a person has chosen in a window.
 *
 * @throws AppError `invalid-rules`, `file-exists`, `missing-file`; as `makePlan`
 */
export async function chosenRun({ command, env, tty, withRules, ...choices }: RunChoices): Promise<RunPlan> {
  const archive = resolve(choices.archive);
  const { keepAlive, timeout, memory, forward, boots } = choices;
  const pcap = choices.pcap && resolve(choices.pcap);
  if (pcap) await ofField("pcap", () => checkPath(pcap, ["new-file"]));
  const rules = rulesIn(dirname(archive), withRules);
  return makePlan({
    kind: "run",
    archive,
    task: { command, env, tty },
    warm: boots ? "never" : "if-saved",
    ...{ keepAlive, timeout, memory, forward, pcap, rules },
  });
}

/** The plan of a watch that a person has chosen in a window. @throws AppError `missing-file` */
export function chosenWatch({ folder, command, scenarios }: WatchChoices): WatchPlan {
  const set = resolve(folder);
  if (scenarios) requireScenarios(set, scenarios);
  return makePlan({
    ...{ kind: "watch", folder: set, scenarios },
    ...(command !== undefined && { task: { command: ["sh", "-c", command] } }),
  });
}

/** The plan of scenarios that a person has chosen in a window. @throws AppError `missing-file` */
export function chosenScenarios({ folder, files }: ScenarioChoices): ScenarioPlan {
  const set = resolve(folder);
  requireScenarios(set, files);
  return makePlan({ kind: "scenario", files, archive: readImageSet(set).workerImage });
}

function requireScenarios(set: string, files: readonly string[]): void {
  const known = scenarioFiles(set);
  const missing = files.find((file) => !known.includes(file));
  if (missing !== undefined)
    throw new AppError({
      code: "missing-file",
      message: `${missing} is not a scenario of the image set ${basename(set)}`,
      advice: "Choose another scenario, or restore the file.",
    });
}

/** The rules of an image set, if a person wants them for a session. */
function rulesIn(folder: string, areWanted: boolean) {
  return areWanted ? readRules(join(folder, setRulesFile)) : undefined;
}
