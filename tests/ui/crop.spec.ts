import { readFileSync } from "node:fs";
import { PNG } from "pngjs";
import { expect, test } from "./fixtures.ts";
import { openScriptedScreen } from "./scripted-screen.ts";

test("a part of the screen is saved as a picture, for steps that wait for it", async ({
  tinsmith,
  engine,
  page,
}) => {
  await openScriptedScreen(tinsmith, engine);
  const button = tinsmith.screen.getByRole("button", { name: "Save a part of the screen…" });
  await button.click();
  const save = tinsmith.dialog.getByRole("button", { name: "Save part" });
  await expect(save).toHaveAccessibleDescription("Mark a part of the picture");
  const picture = tinsmith.dialog.getByRole("img", { name: "The screen" });
  const { x, y } = (await picture.boundingBox()) ?? { x: 0, y: 0 };
  await page.mouse.move(x + 10, y + 10);
  await page.mouse.down();
  await page.mouse.move(x + 60, y + 40);
  await page.mouse.up();
  await expect(tinsmith.dialog.getByLabel("Width")).not.toHaveValue("0");
  await tinsmith.dialog.getByLabel("Width").fill("24");
  await tinsmith.dialog.getByLabel("Height").fill("16");
  const downloaded = page.waitForEvent("download");
  await save.click();
  const { width, height } = PNG.sync.read(readFileSync(await (await downloaded).path()));
  expect({ width, height }).toEqual({ width: 24, height: 16 });
  await expect(button).toBeFocused();
});
