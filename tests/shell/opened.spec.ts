import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { TinsmithPage } from "../ui/tinsmith-page.ts";
import { TinsmithPage as Page } from "../ui/tinsmith-page.ts";
import { expect, test } from "./fixtures.ts";
import { launchShell, startSecond } from "./launch.ts";

/** Makes an ISO with a file in it. */
async function makeIso(path: string): Promise<void> {
  const content = join(dirname(path), "content");
  mkdirSync(content, { recursive: true });
  writeFileSync(join(content, "file"), "content\n");
  await execa("xorriso", ["-as", "mkisofs", "-quiet", "-o", path, content]);
}

/** Drops files on the window: where they are on disk is what the stand-in says of their names. */
async function drop(tinsmith: TinsmithPage, ...names: readonly string[]): Promise<void> {
  await tinsmith.page.evaluate((all) => {
    const dataTransfer = new DataTransfer();
    for (const name of all) dataTransfer.items.add(new File(["x"], name));
    const send = (type: string) =>
      document.body.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
    send("dragenter");
    send("drop");
  }, names);
}

test("an ISO that the app is started with is offered for an installation", async ({ home }) => {
  const iso = join(home, "some.iso");
  await makeIso(iso);
  await using shell = await launchShell({ home, args: [iso] });
  const tinsmith = new Page(shell.page);
  await expect(tinsmith.dialog.getByLabel("ISO")).toHaveValue(iso);
});

test("what a second start is given is opened in the first one's window", async ({
  home,
  shell,
  tinsmith,
}) => {
  await expect(tinsmith.library).toBeVisible();
  const iso = join(home, "some.iso");
  await makeIso(iso);
  startSecond({ home, args: [iso] });
  await expect(tinsmith.dialog.getByLabel("ISO")).toHaveValue(iso);
  expect(shell.processId).toBeGreaterThan(0);
});

test("while something is dragged over the window, it says what becomes of it", async ({ tinsmith }) => {
  await tinsmith.page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "some.iso"));
    document.body.dispatchEvent(new DragEvent("dragenter", { bubbles: true, dataTransfer }));
  });
  await expect(tinsmith.page.getByText("Drop to open")).toBeVisible();
});

test("what is dropped is opened, each in turn; what can't be is said", async ({ home, shell, tinsmith }) => {
  test.skip(shell.runsOn === "Electron", "a script can't drop files that are on disk");
  const dropped = join(home, "window/dropped");
  mkdirSync(join(dropped, "folder"), { recursive: true });
  writeFileSync(join(dropped, "letter.txt"), "Dear reader\n");
  await makeIso(join(dropped, "some.iso"));
  await drop(tinsmith, "letter.txt", "folder", "some.iso", "none.iso");
  await expect(tinsmith.errors.first()).toContainText("letter.txt is no image archive, recipe.yaml or ISO");
  await expect(tinsmith.errors.nth(1)).toContainText("no virtual machine runs");
  await expect(tinsmith.dialog.getByLabel("ISO")).toHaveValue(join(dropped, "some.iso"));
  // The last one waits until what the one before asks is answered.
  await expect(tinsmith.errors).toHaveCount(2);
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.errors.nth(2)).toContainText("none.iso");
});
