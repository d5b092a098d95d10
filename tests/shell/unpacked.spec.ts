import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { extractAll } from "@electron/asar";
import { makeUnpackedApp } from "../package/unpacked-app.ts";
import { TinsmithPage } from "../ui/tinsmith-page.ts";
import { expect, test } from "./fixtures.ts";
import { launchShell } from "./launch.ts";

test("the app that is packed opens its window, with image sets of the user's own", async ({ home }) => {
  test.setTimeout(120_000);
  using app = await makeUnpackedApp();
  // What only Electron can read from within an archive, any Node can from a folder of that name.
  const resources = join(app.folder, "extracted");
  cpSync(app.resources, resources, { recursive: true, filter: (path) => !path.includes("app.asar") });
  extractAll(join(app.resources, "app.asar"), join(resources, "app.asar"));
  await using shell = await launchShell({ home, main: join(resources, "app.asar/dist/electron/main.mjs") });
  const tinsmith = new TinsmithPage(shell.page);
  await tinsmith.isUsable();
  await expect(tinsmith.library).toContainText(join(home, "images/microcore"));
  expect(existsSync(join(home, "images/tinycore/setup.sh"))).toBe(true);
  // A session starts from its command line, and gets as far as its own files go.
  await tinsmith.rebuild("worker");
  await expect(tinsmith.build).toContainText("Setup image microcore");
});
