import { expect, type Page, test } from "@playwright/test";
import { withinTolerance } from "./approval/compare-records.ts";
import { maskLine } from "./approval/masks.ts";
import { recordWindow } from "./approval/window-record.ts";

const window = `
  <style>body { margin: 0; font: 14px sans-serif } section { position: absolute; left: 300px; top: 40px; width: 500px }</style>
  <main>
    <section aria-label="Log">
      <h2>Log</h2> <button>Follow the log</button>
      <p>The guest has started.</p> <span>for 3.2 s</span>
    </section>
  </main>`;

/** The lines of the planted window's record that differ from those of the approved one, in the order of the record. */
async function plant(page: Page, from: string, to: string) {
  await page.setContent(window);
  const approved = await recordWindow(page);
  expect(window).toContain(from);
  await page.setContent(window.replace(from, to));
  const record = withinTolerance(await recordWindow(page), approved);
  const lines = record.split("\n").filter((line) => !approved.split("\n").includes(line));
  return { isApproved: record === approved, differences: lines.map((line) => line.trim()) };
}

test("a panel that moves by 40 pixels differs from the approved record", async ({ page }) => {
  const { isApproved, differences } = await plant(page, "left: 300px", "left: 340px");
  expect(isApproved).toBe(false);
  expect(differences[0]).toContain('region "Log" [box=340,40,500,');
});

test("a panel that is wider by 40 pixels differs from the approved record", async ({ page }) => {
  const { isApproved, differences } = await plant(page, "width: 500px", "width: 540px");
  expect(isApproved).toBe(false);
  expect(differences[0]).toContain('region "Log" [box=300,40,540,');
});

test("a missing text differs from the approved record", async ({ page }) => {
  const { isApproved, differences } = await plant(page, "<p>The guest has started.</p>", "<p>&nbsp;</p>");
  expect(isApproved).toBe(false);
  expect(differences).toHaveLength(1);
});

test("another accessible name differs from the approved record", async ({ page }) => {
  const { isApproved, differences } = await plant(page, "<button>", '<button aria-label="Follow">');
  expect(isApproved).toBe(false);
  expect(differences[0]).toContain('button "Follow"');
});

test("a panel that moves by 3 pixels and a duration of another length equal the approved record", async ({
  page,
}) => {
  expect(await plant(page, "left: 300px", "left: 303px")).toEqual({ isApproved: true, differences: [] });
  expect(await plant(page, "3.2 s", "13.21 s")).toEqual({ isApproved: true, differences: [] });
});

test("values that differ from run to run are masked", () => {
  expect(maskLine("generic: 83.4 GB free in /tmp/ui-JVxMfA/sessions")).toBe(
    "generic: SIZE free in HOME/sessions",
  );
  expect(maskLine('button "13:13:56 host ./build.sh exit status 0, 12 ms"')).toBe(
    'button "TIME host ./build.sh exit status 0, DURATION"',
  );
});
