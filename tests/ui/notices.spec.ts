import type { Locator } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { holdAnswers } from "./hold-answers.ts";
import { leaveNewSet } from "./leave-new-set.ts";
import { openScriptedScreen } from "./scripted-screen.ts";

const refused = (message: string) => ({ code: "busy", message, advice: "Wait for that build." }) as const;

test("a notice is reached by F8, and Escape closes it there, and nowhere else", async ({
  tinsmith,
  engine,
  page,
}) => {
  engine.refuseNext(refused("the worker image is being built"));
  await tinsmith.rebuild("worker");
  await expect(tinsmith.errors).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tinsmith.errors).toBeVisible();
  await page.keyboard.press("F8");
  await expect(page.getByRole("region", { name: "Notices (F8)" }).locator(":focus")).toHaveCount(1);
  await page.keyboard.press("Tab");
  await expect(tinsmith.errors).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(tinsmith.errors).toBeHidden();
});

test("a notice that comes while a dialog is open can be used, and the dialog stays", async ({
  tinsmith,
  page,
}) => {
  const release = await leaveNewSet(tinsmith, "microcore");
  await expect(release).toPass();
  await expect(tinsmith.errors).toContainText("already exists");
  await page.keyboard.press("F8");
  await page.keyboard.press("Tab");
  await expect(tinsmith.errors).toBeFocused();
  await tinsmith.errors.getByRole("button", { name: "Close this message" }).click();
  await expect(tinsmith.errors).toBeHidden();
  await expect(tinsmith.dialog.getByLabel("Theme")).toBeVisible();
});

test("Escape closes a dialog below a newer notice, which stays", async ({ tinsmith, page }) => {
  const release = await leaveNewSet(tinsmith, "microcore");
  await expect(release).toPass();
  await expect(tinsmith.errors).toContainText("already exists");
  await tinsmith.dialog.getByLabel("Theme").focus();
  await page.keyboard.press("Escape");
  await expect(tinsmith.dialog).toBeHidden();
  await expect(tinsmith.errors).toBeVisible();
});

/** Those of a dialog's buttons and fields that another element lies over, once they are scrolled to. */
const covered = (dialog: Locator) =>
  dialog.locator("button, input, select, textarea").evaluateAll((controls) =>
    controls.flatMap((control) => {
      control.scrollIntoView({ block: "nearest" });
      const { left, top, width, height } = control.getBoundingClientRect();
      const met = document.elementFromPoint(left + width / 2, top + height / 2);
      return met && (control.contains(met) || met.contains(control)) ? [] : [control.outerHTML];
    }),
  );

for (const [width, height] of [
  [1280, 800],
  [1000, 700],
  [640, 480],
] as const)
  test(`notices cover nothing of a dialog, and are whole, at ${width}x${height}`, async ({
    tinsmith,
    engine,
    page,
  }) => {
    await page.setViewportSize({ width, height });
    const release = await holdAnswers(page, "builds/start", 2);
    await page.reload();
    await tinsmith.isUsable();
    for (const image of ["setup", "worker"] as const) {
      engine.refuseNext(refused(`the ${image} image is being built, by another user of this host, already`));
      await tinsmith.command(`Rebuild the ${image} image`);
      await expect.poll(engine.refusalsLeft).toBe(0);
    }
    await tinsmith.command("Settings");
    await expect(tinsmith.dialog.getByLabel("Theme")).toBeVisible();
    await expect(release).toPass();
    await expect(tinsmith.errors).toHaveCount(2);
    expect(await covered(tinsmith.dialog)).toEqual([]);
    for (const notice of await tinsmith.errors.all()) {
      await notice.scrollIntoViewIfNeeded();
      await expect(notice).toBeInViewport({ ratio: 0.99 });
      await expect(notice.getByRole("button", { name: "Close this message" })).toBeInViewport({ ratio: 1 });
    }
    await expect(tinsmith.dialog.getByRole("button", { name: "Save" })).toBeInViewport({ ratio: 1 });
    await page.keyboard.press("Escape");
    await expect(tinsmith.dialog).toBeHidden();
    await expect(tinsmith.errors).toHaveCount(2);
  });

test("a notice is seen, and can be closed, in full screen", async ({ tinsmith, engine, page }) => {
  await openScriptedScreen(tinsmith, engine);
  await tinsmith.screen.getByRole("button", { name: "Full screen" }).click();
  const leave = tinsmith.screen.getByRole("button", { name: "Leave full screen" });
  await expect(leave).toBeVisible();
  engine.refuseNext(refused("the worker image is being built"));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Rebuild the setup image");
  await page.keyboard.press("Enter");
  await expect(tinsmith.errors).toContainText("The worker image is being built");
  // It is drawn above all: else the click would meet something else.
  await tinsmith.errors.getByRole("button", { name: "Close this message" }).click();
  await expect(tinsmith.errors).toBeHidden();
  await expect(leave).toBeVisible();
});

test("equal notices are one; unread errors wait, and all are in the list with their times", async ({
  tinsmith,
  engine,
  page,
}) => {
  for (const name of ["alpha", "beta", "beta", "gamma", "delta", "epsilon"]) {
    engine.refuseNext(refused(`${name} is being built`));
    await tinsmith.rebuild("worker");
    await expect.poll(engine.refusalsLeft).toBe(0);
  }
  await expect(tinsmith.errors).toHaveCount(3);
  await expect(tinsmith.errors.nth(1)).toContainText("×2");
  await expect(tinsmith.notices).toContainText(["alpha", "beta", "gamma", "2 more notices"]);
  await page.getByRole("button", { name: "Show all", exact: true }).click();
  await expect(tinsmith.errors).toHaveCount(0);
  const items = tinsmith.dialog.getByRole("listitem");
  await expect(items).toContainText(["epsilon", "delta", "gamma", "beta", "alpha"]);
  await expect(items.getByRole("time")).toHaveCount(5);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Notices", exact: true }).click();
  await expect(items).toHaveCount(5);
});
