import { join } from "node:path";
import { doubleIds } from "./double-ids.ts";
import { expect, test } from "./fixtures.ts";
import { misfits } from "./misfits.ts";
import { buildScenes } from "./scenes/build-scenes.ts";
import { editorScenes } from "./scenes/editor-scenes.ts";
import { frameScenes } from "./scenes/frame-scenes.ts";
import { runScenes } from "./scenes/run-scenes.ts";
import { screenScenes } from "./scenes/screen-scenes.ts";
import { seriousIssues } from "./serious-issues.ts";

/** For people to look at: what each view is like. */
const folder = join(import.meta.dirname, "../../.build/screenshots");

/** The last two are what 1280 x 800 and 1000 x 700 leave at 150 %. */
const looks = [
  { name: "light", colorScheme: "light", viewport: { width: 1280, height: 800 } },
  { name: "dark", colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  { name: "small", colorScheme: "light", viewport: { width: 1000, height: 700 } },
  { name: "zoomed", colorScheme: "dark", viewport: { width: 853, height: 533 } },
  { name: "small-zoomed", colorScheme: "light", viewport: { width: 667, height: 467 } },
] as const;

const scenes = { ...frameScenes, ...buildScenes, ...screenScenes, ...runScenes, ...editorScenes };

for (const [name, scene] of Object.entries(scenes))
  test(name, async ({ tinsmith, engine, page }) => {
    await scene(tinsmith, engine);
    for (const { name: look, colorScheme, viewport } of looks)
      await test.step(look, async () => {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        await page.screenshot({ path: join(folder, `${name}-${look}.png`), animations: "disabled" });
        // A guest's picture is scaled a moment after its panel.
        await expect
          .configure({ soft: true })
          .poll(() => misfits(page))
          .toEqual([]);
        // The last two show only how the window fits, beyond what the others show.
        if (!/zoomed/.test(look)) expect(await seriousIssues(page)).toEqual([]);
        expect(await doubleIds(page)).toEqual([]);
      });
  });
