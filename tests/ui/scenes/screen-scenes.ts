import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { keepTestCheckpoint } from "../../../core/states/test-kept-checkpoint.ts";
import type { ScreenText } from "../../../shared/screen/screen-text.ts";
import { openScriptedScreen } from "../scripted-screen.ts";
import type { Scenes } from "./scene.ts";

const longName = "a name of sixty characters, which takes more than a line, ok";

/** The screen of an installed guest. */
const consoleText: ScreenText = {
  kind: "text",
  columns: 80,
  lines: [
    "Core Linux",
    "box login: tc (automatic login)",
    "",
    "   ( '>')",
    "  /) TC (\\   Core is distributed with ABSOLUTELY NO WARRANTY.",
    " (/-_--_-\\)           www.tinycorelinux.net",
    "",
    "tc@box:~$ uname -r",
    "6.1.2-tinycore",
    "tc@box:~$",
    ...Array.from({ length: 15 }, () => ""),
  ],
};

/** The scenes of a guest's screen, and of checkpoints. */
export const screenScenes: Scenes = {
  screen: async (tinsmith, engine) => {
    await openScriptedScreen(tinsmith, engine);
  },
  "screen-text": async (tinsmith, engine) => {
    const { machine } = await openScriptedScreen(tinsmith, engine);
    machine.setText(consoleText);
    await tinsmith.screen.getByRole("button", { name: "Show the text" }).click();
    await tinsmith.screen.getByRole("button", { name: "Search the text" }).click();
    await tinsmith.screen.getByRole("textbox", { name: "Search the text" }).fill("tc@box");
    await expect(tinsmith.screen.getByRole("status").getByText("1 of 2")).toBeVisible();
  },
  "screen-part": async (tinsmith, engine) => {
    await openScriptedScreen(tinsmith, engine);
    await tinsmith.screen.getByRole("button", { name: "Save a part of the screen…" }).click();
    for (const [name, value] of Object.entries({ Left: 0, Top: 92, Width: 290, Height: 36 }))
      await tinsmith.dialog.getByLabel(name).fill(`${value}`);
    await expect(tinsmith.dialog.getByRole("button", { name: "Save part" })).toBeEnabled();
  },
  "screen-paused": async (tinsmith, engine) => {
    await openScriptedScreen(tinsmith, engine);
    await tinsmith.chooseOnScreen("Power", "Pause");
    await expect(tinsmith.screen.getByRole("status")).toHaveText("Paused");
  },
  "screen-cd": async (tinsmith, engine) => {
    await openScriptedScreen(tinsmith, engine);
    await tinsmith.chooseOnScreen("CD", "Insert a CD…");
    await expect(tinsmith.dialog.getByLabel("ISO or folder")).toBeVisible();
  },
  "screen-checkpoints": async (tinsmith, engine) => {
    const { machine } = await openScriptedScreen(tinsmith, engine);
    const time = new Date(2026, 10, 24, 12, 0, 5).getTime();
    const checkpoints = [
      { name: "before the update", time, size: 72_600_000 },
      { name: "checkpoint 2", time: time + 95_000, size: 74_900_000, isKept: true },
      { name: longName, time, size: 174_900_000, keepProblem: "the CD tools.iso is in its drive" },
    ];
    machine.setState({ status: "running", checkpoints });
    await tinsmith.chooseOnScreen("Checkpoints", "List the checkpoints…");
    await expect(tinsmith.dialog.getByRole("listitem")).toHaveCount(3);
  },
  "kept-checkpoints": async (tinsmith, { paths }) => {
    const time = new Date(2026, 10, 24, 12, 0, 5).getTime();
    const archive = "/images/debian/debian-worker.tar.zst";
    await keepTestCheckpoint(paths, { name: "before the update", time: time + 1_000, archive }, 1_500_000);
    await keepTestCheckpoint(paths, { name: longName, time, archive }, 1_500_000);
    await keepTestCheckpoint(
      paths,
      {
        name: "checkpoint 1",
        time: time - 1_000,
        archive: "/images/an-image-set/of-a-long-name/an-image-set-of-a-long-name-worker.tar.lz4",
      },
      1_500_000,
    );
    await tinsmith.command("Kept checkpoints…");
    await expect(tinsmith.dialog.getByRole("listitem")).toHaveCount(3);
  },
  "kept-checkpoints-failed": async (tinsmith, engine) => {
    await keepTestCheckpoint(engine.paths, { archive: "/images/debian/debian-worker.tar.zst" }, 1_500_000);
    await tinsmith.command("Kept checkpoints…");
    engine.refuseNext({ code: "file-changed", message: "the image is not what it was" });
    await tinsmith.dialog.getByRole("button", { name: "Start from “a try”" }).click();
    await expect(tinsmith.errors).toContainText("The image is not what it was");
  },
  "kept-checkpoints-empty": async (tinsmith) => {
    await tinsmith.command("Kept checkpoints…");
    await expect(tinsmith.dialog).toContainText("There are none.");
  },
  "screen-ended": async (tinsmith, engine) => {
    const { build } = await openScriptedScreen(tinsmith, engine);
    copyFileSync(join(import.meta.dirname, "../screen.png"), build.session.paths.screenshot);
    await build.fail({ code: "build-failed", message: "it failed" });
    await expect(tinsmith.screen.getByAltText("The last screen of the guest")).toBeVisible();
  },
};
