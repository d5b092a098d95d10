import { expect } from "@playwright/test";
import { leaveExchanges } from "../../../core/session-record/test-exchanges.ts";
import { leaveDebuggedRun } from "../leave-debugged-run.ts";
import { RunPage } from "../run-page.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";
import type { Scenes } from "./scene.ts";

/** Opens the session, and gives its action log all of the dock. */
async function openWide(tinsmith: TinsmithPage): Promise<RunPage> {
  const view = await RunPage.open(tinsmith, "Run of worker");
  await tinsmith.chooseOnTab(/^Action log$/, "Move to a tab of the window");
  await expect(view.exchanges).toBeVisible();
  return view;
}

/** The scenes of the action log as a waterfall. */
export const waterfallScenes: Scenes = {
  waterfall: async (tinsmith, engine) => {
    leaveDebuggedRun(engine.paths);
    const view = await openWide(tinsmith);
    await expect(view.rows).toHaveCount(12);
  },
  "waterfall-narrow": async (tinsmith, engine) => {
    leaveDebuggedRun(engine.paths);
    const view = await RunPage.open(tinsmith, "Run of worker");
    await expect(view.rows).toHaveCount(12);
    await view.select(view.rows.filter({ hasText: "Break on reply" }));
  },
  "waterfall-filtered": async (tinsmith, engine) => {
    leaveDebuggedRun(engine.paths);
    const view = await openWide(tinsmith);
    await view.exchanges.getByRole("button", { name: "Group by action" }).click();
    await view.filter("from:host ");
    await view.filter("took:>500ms");
    const end = view.exchanges.getByRole("slider", { name: "Beginning of the shown span" });
    for (let step = 0; step < 2; step++) await end.press("Shift+ArrowRight");
  },
  "waterfall-wrong": async (tinsmith, engine) => {
    leaveDebuggedRun(engine.paths);
    const view = await openWide(tinsmith);
    await view.filter("-endpoint:poll ");
    await view.filter("statuss:404");
    await expect(view.exchanges).toContainText("Did you mean status:?");
  },
  "waterfall-busy": async (tinsmith, engine) => {
    leaveExchanges(engine.paths, 20_000);
    const view = await openWide(tinsmith);
    await expect(view.exchanges.getByRole("status")).toHaveText("20,000", { timeout: 60_000 });
  },
  "waterfall-empty": async (tinsmith, engine) => {
    await engine.beginRun();
    const view = await RunPage.open(tinsmith, "Run of");
    await expect(view.exchanges).toContainText("No exchanges yet");
  },
};
