import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, inject } from "vitest";
import { removeWorkshop } from "./remove-workshop.ts";
import { makeWorkshop, type Workshop } from "./tinsmith.ts";

/**
 * Makes a workshop for a file's tests, with the images that are built once for all. They are as well known as they are there, and so
 * are their saved states.
 */
export function makeBuiltWorkshop(): Workshop {
  const workshop = makeWorkshop();
  const built = copySetupImage(workshop);
  afterAll(() => removeWorkshop(workshop, built));
  copyFileSync(built.workerImage, workshop.workerImage);
  return workshop;
}

/** Copies the setup image that is built once for all into a workshop, and makes known there all that is known of it. */
export function copySetupImage(workshop: Workshop): Workshop {
  const built = inject("workshop");
  copyFileSync(built.setupImage, workshop.setupImage);
  for (const name of ["known-images", "known-states.json"]) {
    const target = join(workshop.folder, "tinsmith", name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(built.folder, "tinsmith", name), target);
  }
  return built;
}
