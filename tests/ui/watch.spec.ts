import { expect, test } from "./fixtures.ts";
import { startWatch } from "./scenes/watch-scenes.ts";

test("a watch of the chosen image set shows its rounds, and the strip leads to a round's session", async ({
  tinsmith,
  engine,
  page,
}) => {
  const watch = await startWatch(tinsmith, engine);
  expect(watch.plan).toMatchObject({ task: { command: ["sh", "-c", "make test"] } });
  const rounds = page.getByRole("list", { name: "Rounds" });
  const build = await engine.begin("Worker image microcore", "/b");
  watch.round();
  watch.judge("true", 15_000, {});
  watch.round("main.go");
  watch.judge("fast", 3_000, { outcome: "failed", text: "the task failed", session: build.session.id });
  await expect(rounds.getByRole("listitem").first()).toContainText(
    "Fast verdict (warm, tools replaced) after 3.0 s",
  );
  const strip = page.locator(".outcome-strip");
  await expect(strip).toContainText("ok");
  await expect(strip).toContainText("FAIL?");
  watch.judge("true", 11_000, {});
  await expect(rounds.getByRole("listitem").first()).toContainText(
    "Corrects the fast verdict: the task failed",
  );
  await expect(strip).not.toContainText("FAIL");

  watch.round("main.go");
  watch.judge("true", 1_000, { outcome: "failed", text: "the task failed", session: build.session.id });
  await strip.getByRole("button", { name: "FAIL, round 3" }).click();
  await expect(page.getByRole("tab", { name: /Worker image/, selected: true })).toBeVisible();
});

test("a watch is forced to another round, shown again by its switch, and stopped", async ({
  tinsmith,
  engine,
  page,
}) => {
  const watch = await startWatch(tinsmith, engine);
  const view = page.getByRole("article", { name: "Watch of microcore" });
  await view.getByRole("button", { name: "Check again" }).click();
  await expect.poll(watch.forced).toBe(1);
  await tinsmith.toolbar.getByRole("button", { name: "Watching" }).click();
  await expect(view).toBeVisible();
  await view.getByRole("button", { name: "Stop watch" }).click();
  await expect(tinsmith.toolbar.getByRole("button", { name: "Watch…" })).toBeVisible();
  await expect(view).toContainText("Ended");
});
