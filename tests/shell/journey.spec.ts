import { debugRun } from "../ui/journeys/debug-run.ts";
import { TinsmithPage } from "../ui/tinsmith-page.ts";
import { putBuiltSet } from "./built-set.ts";
import { expect, test } from "./fixtures.ts";
import { launchShell } from "./launch.ts";
import { machinesOf } from "./processes-of.ts";

// Boots a real virtual machine under emulation.
test("guest tools are debugged in the desktop app", async ({ home }) => {
  test.setTimeout(400_000);
  await putBuiltSet(home);
  await using shell = await launchShell({ home });
  const tinsmith = new TinsmithPage(shell.page);
  await tinsmith.isUsable();
  await debugRun(tinsmith, home);
  await expect.poll(() => machinesOf(home)).toEqual([]);
});
