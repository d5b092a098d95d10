import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { debugRun } from "../ui/journeys/debug-run.ts";
import { TinsmithPage } from "../ui/tinsmith-page.ts";
import { putBuiltSet } from "./built-set.ts";
import { expect, test } from "./fixtures.ts";
import { launchShell } from "./launch.ts";

// Boots real virtual machines under emulation.
test("guest tools are debugged in the desktop app; quitting in the middle of a rebuild leaves no QEMU, and the old image", async ({
  home,
}) => {
  test.setTimeout(400_000);
  const set = await putBuiltSet(home);
  await using shell = await launchShell({ home });
  const tinsmith = new TinsmithPage(shell.page);
  await tinsmith.isUsable();
  await debugRun(tinsmith, home);

  const archive = join(set, "microcore-worker.tar.lz4");
  const digest = () => createHash("sha256").update(readFileSync(archive)).digest("hex");
  const before = digest();
  await tinsmith.rebuild("worker");
  await expect.poll(() => machinesOf(home), { timeout: 60_000 }).toHaveLength(1);
  await tinsmith.showTab("Serial", "Worker image microcore");
  await expect.poll(() => tinsmith.serialText(), { timeout: 60_000 }).toContain("Linux");
  await shell.evaluate(({ app, dialog }) => {
    dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
    app.quit();
  });
  expect(await shell.ended).toBe(0);
  expect(machinesOf(home)).toEqual([]);
  expect(digest()).toBe(before);
});

/** The QEMU processes that run with files of this home. */
function machinesOf(home: string): readonly string[] {
  return globSync("/proc/[0-9]*/cmdline").filter((path) => {
    try {
      const commandLine = readFileSync(path, "utf8");
      return /^[^\0]*qemu-system/.test(commandLine) && commandLine.includes(home);
    } catch {
      // It has just ended.
      return false;
    }
  });
}
