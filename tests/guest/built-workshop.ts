import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, inject } from "vitest";
import { makeWorkshop, type Workshop } from "./tinsmith.ts";

/** Makes a workshop for a file's tests, with the images that are built once for all, and as well known as they are. */
export function makeBuiltWorkshop(): Workshop {
  const built = inject("workshop");
  const workshop = makeWorkshop();
  afterAll(() => rmSync(workshop.folder, { recursive: true }));
  copyFileSync(built.setupImage, workshop.setupImage);
  copyFileSync(built.workerImage, workshop.workerImage);
  const known = join(workshop.folder, "tinsmith/known-images");
  mkdirSync(dirname(known));
  copyFileSync(join(built.folder, "tinsmith/known-images"), known);
  return workshop;
}
