import { constants, copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../shared/errors/errors.ts";
import type { QmpClient } from "../qemu/process/qmp-client.ts";
import { saveScreenshot } from "../qemu/process/screenshot.ts";

const reasons: Readonly<Record<string, Pick<AppError, "code" | "message" | "advice">>> = {
  EEXIST: { code: "file-exists", message: "it already exists", advice: "Choose another name." },
  ENOENT: { code: "missing-file", message: "its folder does not exist", advice: "Create the folder first." },
  EACCES: {
    code: "no-permission",
    message: "this user may not",
    advice: "Choose a folder that you may write to.",
  },
  ENOSPC: { code: "no-space", message: "the disk is full", advice: "Free some space." },
};

/**
 * Writes what a guest's screen shows to a new file, which is there as a whole or not at all.
 *
 * @param working an existing folder for the picture until then.
 * @throws AppError that says what is wrong with the file
 */
export async function saveScreenshotAs(qmp: QmpClient, target: string, working: string): Promise<void> {
  const taken = join(working, "screenshot.png");
  await saveScreenshot(qmp, taken);
  try {
    copyFileSync(taken, target, constants.COPYFILE_EXCL);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? reasons[String(error.code)] : undefined;
    if (!reason) throw error;
    const message = `the screenshot can't be written to ${target}: ${reason.message}`;
    throw new AppError({ ...reason, message }, { cause: error });
  } finally {
    rmSync(taken, { force: true });
  }
}
