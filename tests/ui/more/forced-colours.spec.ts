import { showBuild } from "../build-page.ts";
import { expect, test } from "../fixtures.ts";

test("what is pressed or chosen can be told apart in forced colours", async ({ tinsmith, engine, page }) => {
  await showBuild(tinsmith, engine);
  const button = (name: string) => tinsmith.build.getByRole("button", { name, exact: true });
  await button("Host commands").click();
  await page.mouse.move(0, 0);
  await page.emulateMedia({ forcedColors: "active" });
  const frames = (names: readonly string[]) =>
    Promise.all(names.map((name) => button(name).evaluate((one) => getComputedStyle(one).outlineStyle)));
  expect(await frames(["Host commands", "Follow the log"])).toEqual(["solid", "solid"]);
  expect(await frames(["Search the log", "Save the log"])).toEqual(["none", "none"]);
});
