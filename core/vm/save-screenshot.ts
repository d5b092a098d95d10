import { constants, copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { explainDiskError } from "../files/disk-errors.ts";
import { requireNewFile } from "../files/writing/new-target.ts";
import type { QmpClient } from "../qemu/process/qmp-client.ts";
import { saveScreenshot } from "../qemu/process/screenshot.ts";

/**
 * Saves a picture of a guest's screen to a new file, which is there as a whole or not at all.
 *
 * @param working an existing folder for the picture until then.
 * @throws AppError for a problem with the file
 */
export async function saveScreenshotAs(qmp: QmpClient, target: string, working: string): Promise<void> {
  requireNewFile(target);
  const taken = join(working, "screenshot.png");
  await saveScreenshot(qmp, taken);
  try {
    copyFileSync(taken, target, constants.COPYFILE_EXCL);
  } catch (error) {
    throw explainDiskError(target, error);
  } finally {
    rmSync(taken, { force: true });
  }
}
