import { rmSync } from "node:fs";
import { onTestFinished, test } from "vitest";
import { findSections, takesLong } from "../docs/command-blocks.ts";
import { makeWorkplace } from "../docs/make-workplace.ts";
import { readPages } from "../docs/pages.ts";
import { runSection } from "../docs/run-section.ts";

const sections = readPages()
  .flatMap(findSections)
  .filter(takesLong)
  .map((section) => ({ name: `${section.page}, ${section.title}`, section }));

test.each(sections)(
  "$name: its commands do what it shows",
  async ({ section }) => {
    const workplace = makeWorkplace();
    onTestFinished(() => rmSync(workplace.folder, { recursive: true }));
    await runSection(section, workplace);
  },
  180_000,
);
