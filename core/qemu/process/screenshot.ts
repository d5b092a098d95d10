import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hideSecrets } from "../../files/logs/hide-secrets.ts";
import { type Picture, parsePpm } from "../../recording/ppm.ts";
import type { SessionPaths } from "../../storage/paths.ts";
import type { TextScreen } from "../text-screen/text-screen.ts";
import type { QmpClient } from "./qmp-client.ts";

/** QEMU takes hundredths of a second; one that hangs must not keep anyone waiting. */
const patienceMilliseconds = 2_000;

/**
 * Saves a picture of the guest's screen as a PNG file. QEMU before 7.1 knows only PPM: then the file holds that,
 * which viewers of images recognise too.
 *
 * @throws AppError `qemu-failed` without a screen
 */
export async function saveScreenshot(qmp: QmpClient, filename: string): Promise<void> {
  await qmp
    .execute("screendump", { filename, format: "png" })
    .catch(() => qmp.execute("screendump", { filename }));
}

/**
 * Reads the picture of the guest's screen.
 *
 * @param working an existing folder for a file of a moment
 * @throws AppError `qemu-failed` without a screen
 */
export async function readScreen(qmp: Pick<QmpClient, "execute">, working: string): Promise<Picture> {
  const filename = join(working, `screen-${randomUUID()}.ppm`);
  await qmp.execute("screendump", { filename });
  try {
    return parsePpm(await readFile(filename));
  } finally {
    await rm(filename, { force: true });
  }
}

/**
 * Saves a screenshot, and its text in a file of its own, for the search for a failure. Without a screen, or a QEMU that answers, there is no file; never
 * rejects.
 */
export async function takeScreenshot(
  {
    qmp,
    text,
    secrets,
  }: { readonly qmp: QmpClient; readonly text: TextScreen; readonly secrets: readonly string[] },
  { screenshot, screenText }: Pick<SessionPaths, "screenshot" | "screenText">,
): Promise<void> {
  const saveText = async () => {
    const read = await text.read();
    if (read.kind !== "text") return;
    const shown = hideSecrets(read.lines.join("\n").trimEnd(), secrets);
    await writeFile(screenText, `${shown}\n`, { mode: 0o600 });
  };
  const taken = Promise.allSettled([saveScreenshot(qmp, screenshot), saveText()]);
  await Promise.race([taken, sleep(patienceMilliseconds, undefined, { ref: false })]);
}
