import { existsSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { missingSecrets, secretVariable } from "../../../core/autopilot/typed-values.ts";
import { readImageSet } from "../../../core/image-set/image-set.ts";
import type { RebuildPlan } from "../../../shared/contracts/plan.ts";
import { printMessage } from "../../support/print.ts";

/**
 * Asks on the terminal for the secrets of the install steps that a plan does, and puts them into this process's environment. Without a
 * terminal, the build itself tells the missing ones.
 */
export async function askForSecrets(
  { folder, image, byHand }: Pick<RebuildPlan, "folder" | "image" | "byHand">,
  signal: AbortSignal,
): Promise<void> {
  if (byHand || !process.stdin.isTTY) return;
  const { recipe, setupImage } = readImageSet(folder);
  if (image === "worker" && existsSync(setupImage)) return;
  for (const name of missingSecrets(recipe.install))
    process.env[secretVariable(name)] = await askHidden(`Secret ${name} of the install steps: `, signal);
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
