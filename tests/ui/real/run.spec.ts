import { dirname } from "node:path";
import { test } from "@playwright/test";
import { debugRun } from "../journeys/debug-run.ts";
import { startRealEngine } from "../real-engine.ts";
import { TinsmithPage } from "../tinsmith-page.ts";

// Boots a real virtual machine under emulation.
test("a run is watched, its files are listed and fetched, two shells are open in it, and its task is killed", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await using engine = await startRealEngine("built");
  const tinsmith = new TinsmithPage(page);
  await tinsmith.open(engine.address);
  await debugRun(tinsmith, dirname(engine.imageSet));
});
