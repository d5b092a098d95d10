import { writeFileSync } from "node:fs";
import { stringify } from "yaml";
import type { RecordedScript, RecordedStep } from "../../../shared/recorder/recorded-step.ts";
import { describeVerdict } from "../../../shared/recorder/recorded-step.ts";
import { explainDiskError } from "../../files/disk-errors.ts";
import { requireNewFile } from "../../files/writing/new-target.ts";

/** The keys of a recipe that do the installation again; what is not sure is in a comment above its step. */
export function formatScript(script: RecordedScript): string {
  const steps = keptSteps(script).flatMap((step) => {
    const { problem, verdict } = step;
    const reason = problem ?? (verdict && describeVerdict(verdict));
    const comment = isUnsure(step) && reason !== undefined ? [`  # Check this step: ${reason}`] : [];
    const lines = step.steps.map(
      (one) => `  - ${stringify(one, { collectionStyle: "flow", lineWidth: 0 }).trim()}`,
    );
    return [...comment, ...lines];
  });
  return `${[`console: ${script.console}`, "install:", ...steps].join("\n")}\n`;
}

/** Writes the steps to a new file. @throws AppError `file-exists`, and what the disk refuses */
export async function saveSteps(target: string, script: () => Promise<RecordedScript>): Promise<void> {
  requireNewFile(target);
  const text = formatScript(await script());
  try {
    writeFileSync(target, text, { flag: "wx" });
  } catch (error) {
    throw explainDiskError(target, error);
  }
}

/** The steps that a person has not removed. */
export function keptSteps({ steps }: RecordedScript): readonly RecordedStep[] {
  return steps.filter(({ isRemoved }) => !isRemoved);
}

/** Whether a person should look at a step before a recipe has it. */
export function isUnsure({ problem, verdict }: RecordedStep): boolean {
  return problem !== undefined || (verdict !== undefined && verdict.kind !== "ok");
}
