import { readFileSync } from "node:fs";
import { showBuild } from "../build-page.ts";
import { expect, test } from "../fixtures.ts";

test("a build's log is searched and saved with the output that is folded, and its long lines are wrapped", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { build, log } = await showBuild(tinsmith, engine);
  const button = (name: string) => tinsmith.build.getByRole("button", { name, exact: true });
  build.start("guest-tools");
  await build.runOnHost("early.sh", 'seq -f "number %.0f;" 1 200');
  build.start("guest");
  for (let number = 0; number < 100; number += 1) build.say("guest-log", `line ${number};`);
  build.say("guest-log", "long ".repeat(200));
  await expect(log.getByText("number 77;")).toHaveCount(0);

  await button("Search the log").click();
  await page.getByRole("textbox", { name: "Search the log" }).fill("NUMBER 77;");
  await expect(log.locator("mark[data-current]")).toHaveText("number 77;");
  await expect(log.locator("mark[data-current]")).toBeInViewport();
  await page.keyboard.press("Escape");
  await expect(log.locator("mark")).toHaveCount(0);
  await expect(log.getByText("number 77;")).toBeInViewport();

  await button("Follow the log").click();
  const overflow = () => log.evaluate((box) => box.scrollWidth - box.clientWidth);
  await expect.poll(overflow).toBe(0);
  await button("Wrap long lines").click();
  await expect.poll(overflow).toBeGreaterThan(0);

  const download = page.waitForEvent("download");
  await button("Save the log").click();
  const saved = readFileSync(await (await download).path(), "utf8");
  expect(saved).toMatch(
    /^== Guest tools\n\d\d:\d\d:\d\d \$ +\.\/early\.sh\n\d\d:\d\d:\d\d host {2}number 1;\n/,
  );
  expect(saved).toContain("== Guest\n");
  expect(saved.split("\n")).toHaveLength(1 + 1 + 200 + 1 + 101 + 1);
});
