import { existsSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { secretVariable } from "../../../core/autopilot/typed-values.ts";
import { readImageSet } from "../../../core/image-set/image-set.ts";
import { withSteps } from "../../../core/image-set/steps-file.ts";
import type { RebuildPlan } from "../../../shared/contracts/plan.ts";
import { namesIn } from "../../../shared/recipe/install-step.ts";
import { printMessage } from "../../support/print.ts";

/**
 * Asks on the terminal for the secrets of the install steps that a plan does, and that the environment lacks. Without a terminal, the
 * build itself tells the missing ones.
 *
 * @returns their values by name
 */
export async function askForSecrets(
  { folder, image, byHand, steps }: Pick<RebuildPlan, "folder" | "image" | "byHand" | "steps">,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const given: Record<string, string> = {};
  if (byHand || !process.stdin.isTTY) return given;
  const { recipe, setupImage } = withSteps(readImageSet(folder), steps);
  if (image === "worker" && existsSync(setupImage)) return given;
  for (const name of namesIn(recipe.install, "secret"))
    if (!process.env[secretVariable(name)])
      given[name] = await askHidden(`Secret ${name} of the install steps: `, signal);
  return given;
}

async function askHidden(question: string, signal: AbortSignal): Promise<string> {
  printMessage(question);
  const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    return await lines.question("", { signal });
  } finally {
    lines.close();
    printMessage("\n");
  }
}
