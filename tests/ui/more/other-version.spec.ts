import { expect, test } from "../fixtures.ts";

test("a session of another version can be watched and stopped, and its panel says why there is not more", async ({
  tinsmith,
  engine,
  page,
}) => {
  const other = await engine.beginOtherVersion();
  await tinsmith.showTab("Sessions");
  await page.locator(".session", { hasText: "A dream" }).click();
  const view = page.getByRole("article", { name: "A dream" });
  const shown = async () => {
    await expect(view.getByRole("status")).toContainText("runs Tinsmith 9.9.9");
    await expect(view.getByRole("status")).toContainText("Use Tinsmith 9.9.9");
    const events = view.getByRole("list", { name: "Events" }).getByRole("listitem");
    await expect(events).toHaveText([
      /dream-started $/,
      /note a note that all know$/,
      /task-result $/,
      /dream-told of electric sheep$/,
    ]);
  };
  await shown();
  await expect(page.locator(".dv-tab", { hasText: "Serial" })).toHaveCount(0);
  await page.reload();
  await shown();
  await view.getByRole("button", { name: "Stop" }).click();
  expect(await other.ended).toBe(0);
  await expect(page.getByRole("article", { name: "A session of a newer Tinsmith" })).toContainText(
    "Update Tinsmith",
  );
});
