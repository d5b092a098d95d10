import type { TestProject } from "vitest/node";
import { removeWorkshop } from "./remove-workshop.ts";
import { makeWorkshop, tinsmith, type Workshop } from "./tinsmith.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The workshop with the images that all guest tests start from; none of them may change it. */
    readonly workshop: Workshop;
  }
}

/**
 * Builds the setup and worker image of the embedded guest OS once for all guest tests, and saves the states of both: tests whose
 * subject is not the boot continue from them, with `--warm`.
 */
export async function setup(vitest: TestProject): Promise<() => Promise<void>> {
  const workshop = makeWorkshop();
  const perform = async (...args: readonly string[]) => {
    const { exitStatus, stderr } = await tinsmith(workshop, [...args, "--recipe", workshop.imageSet]);
    if (exitStatus !== 0) throw new Error(`tinsmith ${args.join(" ")} failed:\n${stderr}`);
  };
  await perform("rebuild", "setup");
  const makeWorker = async () => {
    await perform("rebuild", "worker");
    await perform("warm", "worker");
  };
  await Promise.all([makeWorker(), perform("warm", "setup")]);
  vitest.provide("workshop", workshop);
  return () => removeWorkshop(workshop);
}
