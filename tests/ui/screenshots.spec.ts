import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expectApproved, renewRecord, renewsRecords } from "./approval/expect-approved.ts";
import { approvePicture, pictures } from "./approval/pictures.ts";
import { doubleIds } from "./double-ids.ts";
import { expect, test } from "./fixtures.ts";
import { misfits } from "./misfits.ts";
import { breakpointScenes } from "./scenes/breakpoint-scenes.ts";
import { buildScenes } from "./scenes/build-scenes.ts";
import { comparisonScenes } from "./scenes/comparison-scenes.ts";
import { contentsScenes } from "./scenes/contents-scenes.ts";
import { editorScenes } from "./scenes/editor-scenes.ts";
import { frameScenes } from "./scenes/frame-scenes.ts";
import { recordingScenes } from "./scenes/recording-scenes.ts";
import { replayScenes } from "./scenes/replay-scenes.ts";
import { runScenes } from "./scenes/run-scenes.ts";
import { screenScenes } from "./scenes/screen-scenes.ts";
import { watchScenes } from "./scenes/watch-scenes.ts";
import { waterfallScenes } from "./scenes/waterfall-scenes.ts";
import { seriousIssues } from "./serious-issues.ts";

/** Holds the approved record of each scene: roles, names, texts and boxes. */
const records = join(import.meta.dirname, "scenes/approved");

/** axe's rules that depend on colours. */
const colourRules = ["color-contrast", "link-in-text-block"];

/** The last two are what 1280 x 800 and 1000 x 700 leave at 150 %. Dark differs from light in colours alone. */
const looks = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { name: "small", colorScheme: "light", viewport: { width: 1000, height: 700 } },
  { name: "zoomed", colorScheme: "dark", viewport: { width: 853, height: 533 } },
  { name: "small-zoomed", colorScheme: "light", viewport: { width: 667, height: 467 } },
] as const;

const scenes = {
  ...frameScenes,
  ...buildScenes,
  ...recordingScenes,
  ...screenScenes,
  ...runScenes,
  ...waterfallScenes,
  ...breakpointScenes,
  ...editorScenes,
  ...replayScenes,
  ...comparisonScenes,
  ...contentsScenes,
  ...watchScenes,
};

/** Every look takes minutes: the part `looks` of test.sh has them all. */
const shown = process.env.TINSMITH_LOOKS === "all" ? looks : looks.slice(0, 1);

for (const [name, scene] of Object.entries(scenes))
  test(name, async ({ tinsmith, engine, page }) => {
    const record = join(records, `${name}.txt`);
    await scene(tinsmith, engine);
    for (const { name: look, colorScheme, viewport } of shown)
      await test.step(look, async () => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        if (look === "light" && renewsRecords()) await renewRecord(page, record);
        if (look === "light") await expectApproved(page, record);
        // A guest's picture is scaled a moment after its panel.
        await expect
          .configure({ soft: true })
          .poll(() => misfits(page))
          .toEqual([]);
        const picture = `${name}-${look}.png`;
        await page.screenshot({ path: join(pictures, picture), animations: "disabled" });
        approvePicture(picture, renewsRecords());
        // The last two show only how the window fits, beyond what the others show.
        const rules = look === "dark" ? colourRules : undefined;
        if (!/zoomed/.test(look)) expect(await seriousIssues(page, rules)).toEqual([]);
        expect(await doubleIds(page)).toEqual([]);
      });
  });

test("there is an approved record for each scene, and no other", () => {
  const names = readdirSync(records).map((file) => file.replace(/\.txt$/, ""));
  expect(names.sort()).toEqual(Object.keys(scenes).sort());
});
