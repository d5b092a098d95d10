import { rmSync } from "node:fs";
import type { TestProject } from "vitest/node";
import { makeWorkshop, tinsmith, type Workshop } from "./tinsmith.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The workshop with the images that all guest tests start from; none of them may change it. */
    readonly workshop: Workshop;
  }
}

/** Builds the setup and worker image of the embedded guest OS, once for all guest tests. */
export async function setup(vitest: TestProject): Promise<() => void> {
  const workshop = makeWorkshop();
  const outcome = await tinsmith(workshop, ["rebuild", "worker", "--recipe", workshop.imageSet]);
  if (outcome.exitStatus !== 0) throw new Error(`the images could not be built:\n${outcome.stderr}`);
  vitest.provide("workshop", workshop);
  return () => rmSync(workshop.folder, { recursive: true });
}
