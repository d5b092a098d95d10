import { join } from "node:path";
import { expect } from "@playwright/test";
import type { ScriptedEngine } from "../scripted-engine.ts";
import type { ScriptedWatch } from "../scripted-watch.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";
import type { Scenes } from "./scene.ts";

/** Starts a watch in the window. */
export async function startWatch(tinsmith: TinsmithPage, engine: ScriptedEngine): Promise<ScriptedWatch> {
  await engine.leaveArchive(join(engine.workspace, "microcore/microcore-setup.tar.lz4"));
  await tinsmith.toolbar.getByRole("button", { name: "Watch…" }).click();
  await tinsmith.dialog.getByLabel("Command").fill("make test");
  await tinsmith.dialog.getByRole("button", { name: "Start watch" }).click();
  await expect(tinsmith.page.getByRole("article", { name: "Watch of microcore" })).toBeVisible();
  const [watch] = engine.watches;
  if (!watch) throw new Error("the window has started no watch");
  return watch;
}

const compilerLines = [
  "# tinsmith/guest/internal/agent",
  "internal/agent/task.go:41:2: undefined: runTask",
  "internal/agent/task.go:58:14: too many arguments in call to a.report",
];

/** The scenes of a watch. */
export const watchScenes: Scenes = {
  "watch-dialog": async (tinsmith, engine) => {
    await engine.leaveArchive(join(engine.workspace, "microcore/microcore-setup.tar.lz4"));
    await tinsmith.toolbar.getByRole("button", { name: "Watch…" }).click();
    await expect(tinsmith.dialog.getByLabel("Command")).toBeVisible();
  },
  "watch-empty": async (tinsmith, engine) => {
    await startWatch(tinsmith, engine);
  },
  "watch-waits": async (tinsmith, engine) => {
    const watch = await startWatch(tinsmith, engine);
    watch.round();
    watch.judge("true", 15_200, {});
    watch.round("machine.json");
    watch.report({
      type: "note",
      text: "machine.json changed since /home/me/images/microcore/microcore-setup.tar.lz4 was built, and a person installs it: build it again with tinsmith rebuild setup --recipe /home/me/images/microcore.",
    });
    watch.report({
      ...{ type: "round-waits", round: watch.number() },
      reason:
        "/home/me/images/microcore/microcore-worker.tar.lz4 is already being built: Worker image microcore (process 4711)",
    });
    await expect(tinsmith.page.getByText("Waiting for another build")).toBeVisible();
  },
  "watch-ended": async (tinsmith, engine) => {
    const watch = await startWatch(tinsmith, engine);
    watch.round();
    watch.judge("true", 15_200, {
      outcome: "failed",
      text: "the task failed: exit status 2",
      lines: ["make: *** no rule"],
    });
    watch.round("internal/agent/task.go");
    watch.judge("fast", 3_100, {});
    await watch.stop();
    await expect(tinsmith.page.getByText("The watch ended before the true verdict.")).toBeVisible();
  },
  "watch-failed": async (tinsmith, engine) => {
    const watch = await startWatch(tinsmith, engine);
    watch.round();
    watch.judge("true", 15_200, {});
    watch.round("internal/agent/task.go");
    await watch.fail({
      code: "missing-file",
      message: "the folder /home/me/guest does not exist: the recipe takes the guest tools' sources from it",
      advice: "Restore it, or change the recipe. Then start the watch again.",
    });
    await expect(tinsmith.page.getByRole("region", { name: "Failure" })).toContainText("Restore it");
  },
  watch: async (tinsmith, engine) => {
    const watch = await startWatch(tinsmith, engine);
    const rebuild = await engine.begin("Worker image microcore", "/b");
    watch.round();
    watch.judge("true", 15_200, {});
    watch.round("internal/agent/task.go");
    watch.judge("true", 900, {
      outcome: "failed",
      text: "the guest tools can't be built: build.sh failed with exit status 1",
      lines: compilerLines,
    });
    watch.round("internal/agent/task.go", "internal/agent/actions.go");
    watch.judge("fast", 3_100, {});
    watch.report({ type: "round-overtaken", round: watch.number() });
    watch.round("setup.sh");
    const reason = "setup.sh changed, and only guest tools can be replaced in a saved state";
    watch.report({ type: "no-fast-verdict", round: watch.number(), reason });
    watch.judge("true", 16_000, {});
    watch.round("internal/agent/task.go");
    watch.judge("fast", 3_000, {});
    const { id } = rebuild.session;
    watch.report({
      ...{ type: "round-session", round: watch.number(), phase: "rebuild" },
      ...{ session: id, title: "Worker image microcore" },
    });
    watch.judge("true", 11_000, {
      outcome: "failed",
      text: "the task failed: exit status 2",
      lines: ["make: *** [Makefile:4: test] Error 2"],
    });
    watch.round("internal/agent/task.go");
    watch.judge("fast", 2_900, {});
    await expect(tinsmith.page.getByText("Corrects the fast verdict")).toBeVisible();
    await expect(tinsmith.page.locator(".outcome-strip")).toContainText("FAIL");
  },
};
