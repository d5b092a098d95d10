import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { playCommand } from "../../cli/support/test-play-command.ts";
import { findPaths } from "../../core/storage/paths.ts";
import { dropFiles } from "../ui/drop-files.ts";
import { RunPage } from "../ui/run-page.ts";
import { beginRun } from "../ui/scripted-run.ts";
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

test("files that are dropped on a guest's files go there by their paths, with their modes", async ({
  home,
  tinsmith,
}) => {
  // The guest's commands run on this host.
  const [from, guest] = [join(home, "from"), join(home, "guest")];
  mkdirSync(join(from, "tree"), { recursive: true });
  mkdirSync(guest);
  // A browser would not reveal these modes.
  writeFileSync(join(from, "secret"), "#!/bin/sh\n", { mode: 0o600 });
  writeFileSync(join(from, "tree/program"), "a program", { mode: 0o750 });
  const run = await beginRun(findPaths({ TINSMITH_HOME: home }), { image: join(home, "worker.tar.lz4") });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(run.end);
  run.join({ files: { [`${guest}/listed`]: "x" }, shell: playCommand });
  const view = await RunPage.open(tinsmith, "Run of worker");
  await view.list(guest);
  await expect(view.file("listed")).toBeVisible();
  await dropFiles(view.files, [join(from, "secret"), join(from, "tree")]);
  const uploads = tinsmith.page.getByRole("list", { name: "Uploads" }).filter({ visible: true });
  await expect(uploads.getByRole("img", { name: "Done" })).toHaveCount(2);
  for (const name of ["secret", "tree/program"]) {
    expect(readFileSync(join(guest, name), "utf8")).toBe(readFileSync(join(from, name), "utf8"));
    expect(statSync(join(guest, name)).mode).toBe(statSync(join(from, name)).mode);
  }
});

test("an ISO that the app is started with is offered for an installation", async ({ home }) => {
  const iso = join(home, "some.iso");
  await makeIso(iso);
  await using shell = await launchShell({ home, args: [iso] });
  const tinsmith = new Page(shell.page);
  await expect(tinsmith.dialog.getByLabel("ISO", { exact: true })).toHaveValue(iso);
});

test("what a second start is given is opened in the first one's window", async ({ home, tinsmith }) => {
  await expect(tinsmith.library).toBeVisible();
  const iso = join(home, "some.iso");
  await makeIso(iso);
  using second = startShell({ home, args: [iso] });
  expect(await second.ended).toBe(0);
  await expect(tinsmith.dialog.getByLabel("ISO", { exact: true })).toHaveValue(iso);
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
  await dropFiles(
    tinsmith.page.locator("body"),
    ["letter.txt", "folder", "some.iso", "gone.iso"].map((name) => join(dropped, name)),
  );
  await expect(tinsmith.errors.first()).toContainText(
    "letter.txt is not an image archive, a recipe.yaml or an ISO",
  );
  await expect(tinsmith.errors.nth(1)).toContainText("no virtual machine is running");
  await expect(tinsmith.dialog.getByLabel("ISO", { exact: true })).toHaveValue(join(dropped, "some.iso"));
  // The last one waits until what the one before asks is answered.
  await expect(tinsmith.errors).toHaveCount(2);
  rmSync(join(dropped, "gone.iso"));
  await tinsmith.dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.errors.nth(2)).toContainText("gone.iso");
});
