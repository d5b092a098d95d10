import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { PNG } from "pngjs";
import { formatEvent } from "../../../core/install-recorder/cast/recording-entry.ts";
import type { ScriptedBuild } from "../scripted-build.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";
import type { Scenes } from "./scene.ts";

/** Begins an installation by hand whose guest has booted. */
async function beginInstall(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  await tinsmith.rebuild("setup");
  await expect(tinsmith.build.getByRole("heading", { name: "Setup image microcore" })).toBeVisible();
  const build = engine.started.at(-1);
  if (!build) throw new Error("the window has begun no build");
  const recording = build.record();
  await build.backdate({ "install-iso": 400, disk: 330, boot: 9_200 }, 34_000, async () => {});
  build.session.record({ type: "step-started", step: "guest", time: Date.now() - 34_000 });
  return { build, recording };
}

/** Rows of text on a screen of 25. */
const rows = [9, 14, 19, 25];

/** Leaves a picture of the screen for each of the steps: a guest that shows more and more. */
function leavePictures({ session }: ScriptedBuild, times: readonly number[]): void {
  mkdirSync(session.paths.screens);
  const whole = PNG.sync.read(readFileSync(join(import.meta.dirname, "../screen.png")));
  for (const [index, time] of times.entries()) {
    const shown = Math.round((whole.height * (rows[index] ?? 25)) / 25);
    const picture = new PNG({ width: whole.width, height: whole.height });
    for (let at = 3; at < picture.data.length; at += 4) picture.data[at] = 255;
    PNG.bitblt(whole, picture, 0, 0, whole.width, shown, 0, 0);
    writeFileSync(join(session.paths.screens, `${index}${index}.png`), PNG.sync.write(picture));
    session.record({ type: "screen-changed", picture: `${index}${index}`, time: time - 100 });
  }
}

/** The scenes of installations by hand that are recorded. */
export const recordingScenes: Scenes = {
  "recorded-steps": async (tinsmith, engine) => {
    const { recording } = await beginInstall(tinsmith, engine);
    const serial = { console: "serial" } as const;
    recording.show(
      {
        ...{ ...serial, at: 9.4, wait: "login:", verdict: { kind: "ok", at: 9.2 }, checkpoint: "step-1" },
        steps: [{ wait: "login:" }, { type: "tc" }],
      },
      {
        ...{ ...serial, at: 12.1, wait: "box", verdict: { kind: "early", at: 9.2 }, checkpoint: "step-2" },
        steps: [{ wait: "box" }, { type: "sudo tc-install.sh /dev/vda" }],
      },
      {
        ...{ ...serial, at: 20.7, wait: "Password:", verdict: { kind: "ok", at: 20.1 }, secret: "SECRET_1" },
        ...{ steps: [{ wait: "Password:" }, { type: [{ secret: "SECRET_1" }] }], hidden: "SECRET_1" },
      },
      {
        ...{ ...serial, at: 24, problem: "no text was new before it", isRemoved: true },
        steps: [{ keys: "<down><down><ret>" }],
      },
    );
    await tinsmith.build.getByRole("button", { name: "Recorded steps" }).click();
    await expect(tinsmith.build.getByText("would match too early, at 9.2 s")).toBeVisible();
  },
  "recorded-film": async (tinsmith, engine) => {
    const { build, recording } = await beginInstall(tinsmith, engine);
    const begun = Date.now() - 43_200;
    const seconds = [9.4, 12.1, 20.7, 31];
    const times = seconds.map((at) => begun + at * 1000);
    leavePictures(build, times);
    const lines = ["tc", "sudo tc-install.sh /dev/vda", "filetool.sh -b", "sudo poweroff"];
    recording.show(
      ...lines.map((line, index) => {
        const wait = ["login:", "tc@box:~$", "Installed on", "Done."][index] ?? "";
        const at = seconds[index] ?? 0;
        return {
          ...({
            console: "screen",
            at,
            epoch: times[index] ?? 0,
            wait,
            checkpoint: `step-${index + 1}`,
          } as const),
          ...({ verdict: { kind: "ok", at: at - 0.2 }, steps: [{ screen: wait }, { type: line }] } as const),
        };
      }),
    );
    await tinsmith.build.getByRole("button", { name: "Recorded steps" }).click();
    await tinsmith.build.getByRole("button", { name: "The screen at step 3" }).click();
    await expect(tinsmith.build.getByRole("img", { name: "The screen at step 3" })).toBeVisible();
    await expect(tinsmith.build.locator(".film-frame img")).toHaveCount(lines.length);
  },
  "recorded-save": async (tinsmith, engine) => {
    const { recording } = await beginInstall(tinsmith, engine);
    const verdict = { kind: "ok", at: 9.2 } as const;
    recording.show({
      ...{ console: "serial", at: 9.4, wait: "login:", verdict },
      steps: [{ wait: "login:" }, { type: "tc" }],
    });
    await tinsmith.build.getByRole("button", { name: "Recorded steps" }).click();
    await tinsmith.build.getByRole("button", { name: "Save steps…" }).click();
    await expect(tinsmith.dialog).toContainText("in place of its own steps");
  },
  "recorded-killed": async (tinsmith, engine) => {
    const { build } = await beginInstall(tinsmith, engine);
    const typed = (at: number, output: string, input: string) =>
      formatEvent(at - 0.1, { output }) +
      formatEvent(at, { own: { kind: "typed", at, epoch: Date.now() } }) +
      formatEvent(at, { input: `${input}\r` }) +
      formatEvent(at + 0.1, { output: `${input}\r\n` });
    writeFileSync(
      build.session.paths.recording,
      `${JSON.stringify({ version: 2, width: 80, height: 24, timestamp: 1_000 })}\n` +
        typed(9.4, "box login: ", "tc") +
        typed(12.1, "\r\ntc@box:~$ ", "sudo tc-install.sh /dev/vda"),
    );
    await build.end();
    await expect(tinsmith.build.getByRole("region", { name: /ended unexpectedly/ })).toBeVisible();
    await expect(tinsmith.build.getByRole("region", { name: "Recorded steps" })).toContainText("/dev/vda");
  },
};
