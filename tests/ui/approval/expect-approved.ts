import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { withinTolerance } from "./compare-records.ts";
import { recordWindow } from "./window-record.ts";

/** Whether this run renews the approved records: `--update-snapshots`. */
export function renewsRecords(): boolean {
  return /all|changed/.test(test.info().config.updateSnapshots);
}

/** Expects that the window soon equals its approved record, apart from small differences of boxes. */
export async function expectApproved(page: Page, path: string): Promise<void> {
  const approved = readApproved(path);
  const record = async () => withinTolerance(await recordWindow(page), approved);
  const message = `${path}: look at the picture, then renew the records: see CONTRIBUTING.md`;
  await expect.configure({ soft: true }).poll(record, { message }).toBe(approved);
}

/** Writes the window's record when the window has settled. Keeps boxes that differ little from the approved ones. */
export async function renewRecord(page: Page, path: string): Promise<void> {
  const approved = readApproved(path);
  let settled = "";
  await expect
    .poll(
      async () => {
        const before = settled;
        settled = withinTolerance(await recordWindow(page), approved);
        return settled === before;
      },
      { intervals: [2_000], timeout: 30_000 },
    )
    .toBe(true);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, settled);
}

function readApproved(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
