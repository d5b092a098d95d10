import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { playCommand } from "../../../cli/support/test-play-command.ts";
import { dragFiles, dropFiles } from "../drop-files.ts";
import { expect, test } from "../fixtures.ts";
import { RunPage } from "../run-page.ts";
import type { ScriptedEngine } from "../scripted-engine.ts";
import { openScriptedScreen } from "../scripted-screen.ts";

// The guest's shells run on this host, so that its files are in a folder of the test.

function makeFolders(engine: ScriptedEngine) {
  const [from, guest] = [join(engine.workspace, "from"), join(engine.workspace, "guest")];
  mkdirSync(join(from, "tree/deep"), { recursive: true });
  mkdirSync(guest);
  writeFileSync(join(from, "program"), "#!/bin/sh\n");
  writeFileSync(join(from, "data"), "some data");
  writeFileSync(join(from, "tree/deep/ünï"), "deep");
  return { from, guest };
}

const uploads = (page: Page) =>
  page.getByRole("list", { name: "Uploads" }).filter({ visible: true }).getByRole("listitem");

test("files and folders that are dropped on Files go into the folder that it shows", async ({
  tinsmith,
  engine,
}) => {
  const { from, guest } = makeFolders(engine);
  const run = await engine.beginRun();
  run.join({ files: { [`${guest}/listed`]: "x" }, shell: playCommand });
  const view = await RunPage.open(tinsmith, "Run of");
  await view.list(guest);
  await expect(view.file("listed")).toBeVisible();
  const { drop } = await dragFiles(
    view.files,
    ["program", "data", "tree"].map((name) => join(from, name)),
  );
  await expect(tinsmith.page.getByText("Drop to copy into the guest")).toBeVisible();
  await expect(tinsmith.page.getByText(`Into ${guest}.`)).toBeVisible();
  const overlay = await tinsmith.page.locator(".drop-zone").boundingBox();
  expect(overlay).toEqual(await view.files.boundingBox());
  await drop();
  await expect(uploads(tinsmith.page).getByRole("img", { name: "Done" })).toHaveCount(3);
  expect(readFileSync(join(guest, "data"), "utf8")).toBe("some data");
  expect(readFileSync(join(guest, "tree/deep/ünï"), "utf8")).toBe("deep");
  const modes = ["program", "data"].map((name) => statSync(join(guest, name)).mode & 0o777);
  expect(modes).toEqual([0o755, 0o644]);
  await uploads(tinsmith.page).first().getByRole("button", { name: "Remove from the list" }).click();
  await expect(uploads(tinsmith.page)).toHaveCount(2);
});

test("a file that is dropped on a shell asks for the folder; an error says what to do", async ({
  tinsmith,
  engine,
}) => {
  const { from, guest } = makeFolders(engine);
  const run = await engine.beginRun();
  run.join({
    files: {},
    shell: async (shell) => (shell.action.tty ? await untilClosed(shell) : await playCommand(shell)),
  });
  const view = await RunPage.open(tinsmith, "Run of");
  const shell = await view.openShell();
  await dropFiles(shell, [join(from, "data")]);
  const folder = tinsmith.dialog.getByLabel("Folder in the guest");
  await expect(folder).toHaveValue("/tmp");
  await folder.fill("relative");
  await tinsmith.dialog.getByRole("button", { name: "Copy into guest" }).click();
  await expect(tinsmith.dialog).toContainText("Enter an absolute path in the guest");
  await folder.fill(`${guest}/missing`);
  await tinsmith.dialog.getByRole("button", { name: "Copy into guest" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  await expect(uploads(tinsmith.page)).toContainText(`The guest has no folder ${guest}/missing/`);
  await dropFiles(shell, [join(from, "data")]);
  await folder.fill(guest);
  await tinsmith.page.keyboard.press("Enter");
  await expect(uploads(tinsmith.page).getByRole("img", { name: "Done" })).toHaveCount(1);
  expect(readFileSync(join(guest, "data"), "utf8")).toBe("some data");
});

test("an upload is cancelled", async ({ tinsmith, engine }) => {
  const { from, guest } = makeFolders(engine);
  writeFileSync(join(from, "large"), Buffer.alloc(5_000_000));
  const run = await engine.beginRun();
  run.join({ files: {}, shell: untilClosed });
  const view = await RunPage.open(tinsmith, "Run of");
  await view.files
    .getByLabel("Folder in the guest")
    .or(tinsmith.tabs(/^Files$/))
    .first()
    .waitFor();
  await tinsmith.showTab(/^Files$/);
  await view.files.getByLabel("Folder in the guest").fill(guest);
  await dropFiles(view.files, [join(from, "large")]);
  await uploads(tinsmith.page).getByRole("button", { name: "Cancel the upload" }).click();
  await expect(uploads(tinsmith.page).getByRole("img", { name: "Cancelled" })).toBeVisible();
});

test("files and folders that are dropped on the screen of a build go on a data CD", async ({
  tinsmith,
  engine,
}) => {
  const { from } = makeFolders(engine);
  writeFileSync(join(from, "large"), Buffer.alloc(500_000));
  const { machine } = await openScriptedScreen(tinsmith, engine);
  await dropFiles(
    tinsmith.screen,
    ["data", "tree", "large"].map((name) => join(from, name)),
  );
  await expect(tinsmith.dialog).toContainText("3 files and folders");
  await expect(tinsmith.dialog.getByRole("radio", { name: /which a build does not have/ })).toBeDisabled();
  await expect(tinsmith.dialog.getByRole("radio", { name: /on a data CD/ })).toBeChecked();
  await tinsmith.dialog.getByRole("button", { name: "Insert data CD" }).click();
  await expect(uploads(tinsmith.page).getByRole("img", { name: "Done" })).toBeVisible();
  const sent = machine.done.filter((text) => text.startsWith("upload "));
  expect(sent).toEqual(
    expect.arrayContaining(["upload data 9", "upload tree folder", "upload tree/deep/ünï 4"]),
  );
  const large = sent
    .filter((text) => text.startsWith("upload large "))
    .map((text) => Number(text.split(" ")[2]));
  expect(large.reduce((sum, bytes) => sum + bytes, 0)).toBe(500_000);
  await tinsmith.screen.getByRole("button", { name: "CD", exact: true }).click();
  await expect(tinsmith.page.getByText("an upload")).toBeVisible();
});

/** A shell that takes its input, and lasts until it is ended. */
async function untilClosed({ input }: Parameters<typeof playCommand>[0]): Promise<boolean> {
  for await (const _ of input);
  return true;
}
