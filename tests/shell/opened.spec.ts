import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { TinsmithPage } from "../ui/tinsmith-page.ts";
import { TinsmithPage as Page } from "../ui/tinsmith-page.ts";
import { expect, test } from "./fixtures.ts";
import { launchShell, startShell } from "./launch.ts";

/** Makes an ISO with a file in it. */
async function makeIso(path: string): Promise<void> {
  const content = join(dirname(path), "content");
  mkdirSync(content, { recursive: true });
  writeFileSync(join(content, "file"), "content\n");
  await execa("xorriso", ["-as", "mkisofs", "-quiet", "-o", path, content]);
}

/** Drops files on the window, as the file manager does. */
async function drop({ page }: TinsmithPage, ...files: readonly string[]): Promise<void> {
  const protocol = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await protocol.send("Input.dispatchDragEvent", { type, x: 400, y: 400, data });
}

test("an ISO that the app is started with is offered for an installation", async ({ home }) => {
  const iso = join(home, "some.iso");
  await makeIso(iso);
  await using shell = await launchShell({ home, args: [iso] });
  const tinsmith = new Page(shell.page);
  await expect(tinsmith.dialog.getByLabel("ISO")).toHaveValue(iso);
});

test("what a second start is given is opened in the first one's window", async ({ home, tinsmith }) => {
  await expect(tinsmith.library).toBeVisible();
  const iso = join(home, "some.iso");
  await makeIso(iso);
  using second = startShell({ home, args: [iso] });
  expect(await second.ended).toBe(0);
  await expect(tinsmith.dialog.getByLabel("ISO")).toHaveValue(iso);
  // The app's own path, which is among its arguments, is nothing to open.
  await expect(tinsmith.errors).toHaveCount(0);
});

test("while something is dragged over the window, it says what becomes of it", async ({ tinsmith }) => {
  await tinsmith.page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["x"], "some.iso"));
    document.body.dispatchEvent(new DragEvent("dragenter", { bubbles: true, dataTransfer }));
  });
  await expect(tinsmith.page.getByText("Drop to open")).toBeVisible();
});

test("what is dropped is opened, each in turn; what can't be is said", async ({ home, tinsmith }) => {
  const dropped = join(home, "dropped");
  mkdirSync(join(dropped, "folder"), { recursive: true });
  writeFileSync(join(dropped, "letter.txt"), "Dear reader\n");
  await makeIso(join(dropped, "some.iso"));
  writeFileSync(join(dropped, "gone.iso"), "");
  await drop(
    tinsmith,
    ...["letter.txt", "folder", "some.iso", "gone.iso"].map((name) => join(dropped, name)),
  );
  await expect(tinsmith.errors.first()).toContainText(
    "letter.txt is not an image archive, a recipe.yaml or an ISO",
  );
  await expect(tinsmith.errors.nth(1)).toContainText("no virtual machine is running");
  await expect(tinsmith.dialog.getByLabel("ISO")).toHaveValue(join(dropped, "some.iso"));
  // The last one waits until what the one before asks is answered.
  await expect(tinsmith.errors).toHaveCount(2);
  rmSync(join(dropped, "gone.iso"));
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.errors.nth(2)).toContainText("gone.iso");
});
