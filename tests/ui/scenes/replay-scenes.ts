import { expect } from "@playwright/test";
import { leaveRecording } from "../leave-recording.ts";
import { ReplayPage } from "../replay-page.ts";
import type { Scenes } from "./scene.ts";

/** The scenes of an ended session's replay. */
export const replayScenes: Scenes = {
  replay: async (tinsmith, engine) => {
    await leaveRecording(engine);
    const replay = await ReplayPage.open(tinsmith);
    await replay.goTo(5.1);
    await expect(replay.picture).toBeVisible();
    await expect(replay.log).toContainText("Entering directory");
  },
};
