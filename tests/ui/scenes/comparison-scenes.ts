import { expect } from "@playwright/test";
import { ComparisonPage } from "../comparison-page.ts";
import { leaveComparedRuns } from "../leave-compared-runs.ts";
import type { Scenes } from "./scene.ts";

/** The scenes of two sessions that are compared. */
export const comparisonScenes: Scenes = {
  comparison: async (tinsmith, engine) => {
    leaveComparedRuns(engine.paths);
    const comparison = await ComparisonPage.open(tinsmith, "Succeeded", "make test");
    await expect(comparison.bodies("Response")).toContainText("try again");
  },
  "comparison-choice": async (tinsmith, engine) => {
    leaveComparedRuns(engine.paths);
    await tinsmith.showTab("Sessions");
    await tinsmith.page.locator(".session-open", { hasText: "Succeeded" }).click();
    await tinsmith.chooseOnTab("make test", "Compare with…");
    await expect(tinsmith.page.getByPlaceholder(/^Compare/)).toBeVisible();
  },
};
