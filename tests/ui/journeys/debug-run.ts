import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, type Locator } from "@playwright/test";
import { dropFiles } from "../drop-files.ts";
import { RunPage } from "../run-page.ts";
import type { TinsmithPage } from "../tinsmith-page.ts";

/** Makes an artifact, prints its digest, and keeps running until it is killed. */
const task = [
  "dd if=/dev/urandom of=/tmp/artifact bs=1M count=20 2>/dev/null",
  "echo digest $(sha256sum < /tmp/artifact)",
  "while :; do sleep 1; done",
].join("\n");

/**
 * The steps of a person who debugs guest tools, on a real virtual machine: a run of the chosen set's worker image is
 * watched, its files are listed and fetched, one is dropped on them, two shells are open in it, and its task is killed.
 *
 * @param downloads a folder on the host
 */
export async function debugRun(tinsmith: TinsmithPage, downloads: string): Promise<void> {
  const { page } = tinsmith;
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await tinsmith.dialog.getByLabel("Command").fill(task);
  await expect(tinsmith.dialog.getByRole("alert")).toBeHidden();
  await tinsmith.dialog.getByRole("button", { name: "Run image", exact: true }).click();
  const view = new RunPage(tinsmith);
  await expect(view.log).toContainText(/digest [0-9a-f]{64}/, { timeout: 90_000 });
  const digest = /digest ([0-9a-f]{64})/.exec((await view.log.textContent()) ?? "")?.[1];

  await view.list("/tmp");
  await expect(view.file("artifact")).toBeVisible({ timeout: 40_000 });
  const target = join(downloads, "artifact");
  await view.download("artifact", target);
  await expect(view.downloads.getByRole("img", { name: "Done" })).toBeVisible({ timeout: 60_000 });
  expect(createHash("sha256").update(readFileSync(target)).digest("hex")).toBe(digest);

  await dropBack(view, target);
  const first = await view.openShell();
  const second = await view.openShell();
  const size = async () => {
    await page.keyboard.type("clear; stty size\n");
    return (
      /^(\d+) (\d+)$/m
        .exec(await view.shellText(second))
        ?.slice(1)
        .map(Number) ?? [0, 0]
    );
  };
  let rows = 0;
  const rowsNow = async () => {
    [rows = 0] = await size();
    return rows;
  };
  await expect.poll(rowsNow, { timeout: 30_000 }).toBeGreaterThan(20);
  const before = rows;
  await page.setViewportSize({ width: 1280, height: 600 });
  // None is what is read before the answer is there.
  await expect.poll(async () => (await rowsNow()) || before, { timeout: 30_000 }).toBeLessThan(before);
  await page.keyboard.type("exit 1\n");
  await expect(second.getByRole("status").first()).toHaveText("Ended: its command failed");
  await tinsmith.showTab("Shell 1");
  await first.locator(".xterm-screen").click();
  await page.keyboard.type("echo $((6 * 7)) in $(hostname)\n");
  await expect.poll(() => view.shellText(first), { timeout: 30_000 }).toContain("42 in box");
  await reloadBesideShell(view, first);

  await expect(view.rows.filter({ hasText: "execute" })).toContainText("200");
  await expect(view.rows.filter({ hasText: /reply/ }).first()).toContainText("reply1: ");

  await tinsmith.showLog();
  await view.button("Kill task").click();
  await tinsmith.dialog.getByRole("button", { name: "Kill" }).click();
  await expect(view.run.getByRole("region", { name: "Result" })).toContainText("Killed on your request", {
    timeout: 40_000,
  });
  await view.button("Stop").click();
  await expect(view.button("Run again…")).toBeVisible({ timeout: 30_000 });
}

/** Drops a file on the files that are listed, and fetches it again, byte for byte. */
async function dropBack(view: RunPage, file: string): Promise<void> {
  const bytes = readFileSync(file).subarray(0, 5_000_000);
  const dropped = join(dirname(file), "dropped");
  writeFileSync(dropped, bytes);
  await dropFiles(view.files, [dropped]);
  const uploads = view.tinsmith.page.getByRole("list", { name: "Uploads" }).filter({ visible: true });
  await expect(uploads.getByRole("img", { name: "Done" })).toBeVisible({ timeout: 90_000 });
  await expect(view.file("dropped")).toBeVisible({ timeout: 40_000 });
  await view.download("dropped", `${dropped} and fetched`);
  await expect(view.downloads.getByRole("img", { name: "Done" })).toHaveCount(2, { timeout: 60_000 });
  expect(readFileSync(`${dropped} and fetched`).equals(bytes)).toBe(true);
}

/** Loads the page again: the shell continues, still has its text, and answers no earlier query. */
async function reloadBesideShell(view: RunPage, shell: Locator): Promise<void> {
  const { page } = view.tinsmith;
  const lines = async () =>
    (await view.shellText(shell))
      .split("\n")
      .map((line) => line.trimEnd())
      .filter(Boolean);
  await expect.poll(async () => (await lines()).at(-1), { timeout: 30_000 }).toMatch(/[#$]$/);
  const before = await lines();
  const prompt = before.at(-1);
  await page.reload();
  await view.tinsmith.showTab("Shell 1");
  await expect.poll(lines, { timeout: 30_000 }).toEqual(before);
  await shell.locator(".xterm-screen").click();
  await page.keyboard.type("echo $((8 * 9)) after\n");
  const added = [`${prompt} echo $((8 * 9)) after`, "72 after", prompt];
  await expect.poll(lines, { timeout: 30_000 }).toEqual([...before.slice(0, -1), ...added]);
}
