import { rmSync, symlinkSync } from "node:fs";
import { inject, onTestFinished, test } from "vitest";
import { findSections, needsGuest } from "../docs/command-blocks.ts";
import { makeWorkplace } from "../docs/make-workplace.ts";
import { readPages } from "../docs/pages.ts";
import { runSection } from "../docs/run-section.ts";

const built = inject("workshop");
const sections = readPages()
  .flatMap(findSections)
  .filter(needsGuest)
  .map((section) => ({ name: `${section.page}, ${section.title}`, section }));

test.each(sections)("$name: its commands do what it shows, on a guest", async ({ section }) => {
  // That the images were made here is known there.
  const workplace = makeWorkplace(built.folder);
  const { folder, workshop } = workplace;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(built.setupImage, workshop.setupImage);
  symlinkSync(built.workerImage, workshop.workerImage);
  await runSection(section, workplace);
});
