import { join } from "node:path";
import { findKept } from "../../core/states/kept-checkpoints.ts";
import { keepTestCheckpoint, testRecord } from "../../core/states/test-kept-checkpoint.ts";
import { expect, test } from "./fixtures.ts";
import { openScriptedScreen } from "./scripted-screen.ts";

test("checkpoints are made under a proposed name, listed, renamed, deleted and gone back to", async ({
  tinsmith,
  engine,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  const { dialog } = tinsmith;
  await tinsmith.chooseOnScreen("Checkpoints", "Make a checkpoint…");
  await expect(dialog.getByLabel("Name")).toHaveValue("checkpoint 1");
  await dialog.getByLabel("Name").fill("before the update");
  await dialog.getByRole("button", { name: "Make checkpoint" }).click();
  await expect(tinsmith.notices).toContainText("Made the checkpoint “before the update” (75.0 MB).");
  await tinsmith.chooseOnScreen("Checkpoints", "Go back to “before the update”…");
  await expect(dialog).toContainText("loses what it has done since then");
  await dialog.getByRole("button", { name: "Go back" }).click();
  await expect(tinsmith.notices.last()).toContainText("went back to “before the update”");
  expect(machine.done).toContain("go back to before the update");

  await tinsmith.chooseOnScreen("Checkpoints", "List the checkpoints…");
  await expect(dialog).toContainText("They take 75.0 MB");
  await dialog.getByRole("button", { name: "Keep “before the update”" }).click();
  await expect(dialog).toContainText("75.0 MB, kept");
  await dialog.getByRole("button", { name: "Rename “before the update”" }).click();
  await dialog.getByLabel("New name").fill("first");
  await dialog.getByRole("button", { name: "Rename checkpoint" }).click();
  await tinsmith.chooseOnScreen("Checkpoints", "List the checkpoints…");
  await dialog.getByRole("button", { name: "Delete “first”" }).click();
  await expect(dialog).toContainText("This frees 75.0 MB. Its kept copy stays.");
  await dialog.getByRole("button", { name: "Delete checkpoint" }).click();
  await expect(dialog).toHaveAccessibleName("Checkpoints");
  await expect(dialog.getByRole("listitem")).toHaveCount(0);
});

test("the disk at a checkpoint is looked into, of a running virtual machine and of a kept one", async ({
  tinsmith,
  engine,
  page,
}) => {
  await keepTestCheckpoint(engine.paths);
  const { build } = await openScriptedScreen(tinsmith, engine);
  await tinsmith.chooseOnScreen("Checkpoints", "Make a checkpoint…");
  await tinsmith.dialog.getByRole("button", { name: "Make checkpoint" }).click();
  engine.contents.leave(`checkpoint:${build.session.id}/checkpoint 1`, { files: { now: { content: "x" } } });
  engine.contents.leave(`checkpoint:${testRecord.name}`, { files: { later: { content: "x" } } });
  await tinsmith.chooseOnScreen("Checkpoints", "List the checkpoints…");
  await tinsmith.dialog.getByRole("button", { name: "Look inside the disk at “checkpoint 1”" }).click();
  await expect(tinsmith.dialog).toHaveCount(0);
  await expect(page.getByRole("row", { name: /^now / })).toBeVisible();
  await tinsmith.command("Kept checkpoints…");
  await tinsmith.dialog.getByRole("button", { name: `Look inside the disk at “${testRecord.name}”` }).click();
  await expect(page.getByRole("row", { name: /^later / })).toBeVisible();
});

test("a virtual machine that can have no checkpoints says why", async ({ tinsmith, engine }) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  machine.setState({ status: "running", checkpointProblem: "its disk is a raw file" });
  await tinsmith.screen.getByRole("button", { name: "Checkpoints" }).click();
  const make = tinsmith.page.getByRole("menuitem", { name: "Make a checkpoint…" });
  await expect(make).toContainText("its disk is a raw file");
  await expect(make).toHaveAttribute("aria-disabled", "true");
});

test("a checkpoint that can't be kept says why", async ({ tinsmith, engine }) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  const keepProblem = "the CD tools.iso is in its drive";
  machine.setState({ status: "running", checkpoints: [{ name: "first", time: 0, size: 1, keepProblem }] });
  await tinsmith.chooseOnScreen("Checkpoints", "List the checkpoints…");
  const keep = tinsmith.dialog.getByRole("button", { name: "Keep “first”" });
  await expect(keep).toHaveAttribute("aria-disabled", "true");
  await keep.hover();
  await expect(tinsmith.page.getByRole("tooltip")).toContainText(keepProblem, { ignoreCase: true });
});

test("a small window reaches the end of the menu of a virtual machine with many checkpoints", async ({
  tinsmith,
  engine,
}) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  const checkpoints = Array.from({ length: 32 }, (_, index) => ({ name: `${index}`, time: 0, size: 1 }));
  machine.setState({ status: "running", checkpoints });
  await tinsmith.page.setViewportSize({ width: 900, height: 600 });
  await tinsmith.chooseOnScreen("Checkpoints", "List the checkpoints…");
  await expect(tinsmith.dialog.getByRole("listitem")).toHaveCount(32);
});

test("a run starts from a kept checkpoint in a tab of its own; one that can't start says why", async ({
  tinsmith,
  engine,
}) => {
  const { dialog, page } = tinsmith;
  await openScriptedScreen(tinsmith, engine);
  await tinsmith.chooseOnScreen("Checkpoints", "Make a checkpoint…");
  await dialog.getByRole("button", { name: "Make checkpoint" }).click();
  await tinsmith.chooseOnScreen("Checkpoints", "List the checkpoints…");
  await dialog.getByRole("button", { name: "Show kept checkpoints" }).click();
  await expect(dialog).toHaveAccessibleName("Kept checkpoints");
  await expect(dialog).toContainText("There are none.");
  await expect(dialog).toContainText("tinsmith checkpoint keep");

  const archive = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  await keepTestCheckpoint(engine.paths, { archive });
  const row = dialog.locator(".dialog-body").getByRole("listitem");
  await expect(row).toContainText("a try");
  await expect(row).toContainText(/microcore-worker, 1970-01-01 .* of session 20261124-050313-d739/);
  await expect(row).toContainText("true");
  engine.refuseNext({ code: "file-changed", message: "the image is not what it was" });
  const before = await dialog.boundingBox();
  await row.getByRole("button", { name: "Start from “a try”" }).click();
  await expect(tinsmith.errors).toContainText("The image is not what it was");
  // The notice is below the dialog, whose buttons stay under the pointer.
  expect(await dialog.boundingBox()).toEqual(before);
  const notice = await tinsmith.errors.boundingBox();
  expect(notice?.y).toBeGreaterThanOrEqual((before?.y ?? 0) + (before?.height ?? 0));
  await row.getByRole("button", { name: "Start from “a try”" }).click();
  await expect(dialog).toBeHidden();
  const [run] = engine.runs;
  expect(run?.plan).toMatchObject({ kind: "run", checkpoint: "a try", archive });
  await expect(page.getByRole("button", { name: `Copy session id ${run?.session.id}` })).toBeVisible();
});

test("a kept checkpoint is deleted after a question, unless a session starts from it now", async ({
  tinsmith,
  engine,
}) => {
  const { dialog } = tinsmith;
  await keepTestCheckpoint(engine.paths);
  await keepTestCheckpoint(engine.paths, { name: "another" });
  const { state } = await findKept(engine.paths, testRecord.name);
  await tinsmith.command("Kept checkpoints…");
  const rows = dialog.locator(".dialog-body").getByRole("listitem");
  await rows.getByRole("button", { name: "Delete “a try”" }).click();
  await expect(dialog).toContainText("No run can start from it any more.");
  await dialog.getByRole("button", { name: "Delete checkpoint" }).click();
  await expect(dialog).toContainText('A session starts from the kept checkpoint "a try" now');
  state[Symbol.dispose]();
  await dialog.getByRole("button", { name: "Delete checkpoint" }).click();
  await expect(rows).toHaveText([/^another/]);
  // A question that is not answered leads back to the list.
  await rows.getByRole("button", { name: "Delete “another”" }).click();
  await tinsmith.page.keyboard.press("Escape");
  await expect(rows).toHaveText([/^another/]);
});

test("the menu of an archive has its own kept checkpoints, if there are some", async ({
  tinsmith,
  engine,
}) => {
  const { dialog, page } = tinsmith;
  const archive = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  await engine.leaveArchive(archive);
  await keepTestCheckpoint(engine.paths, { name: "of another image" });
  const more = tinsmith.slot("microcore", "Worker image").getByRole("button", { name: /More for/ });
  const item = page.getByRole("menuitem", { name: "Start from a checkpoint…" });
  await more.click();
  await expect(page.getByRole("menuitem", { name: "Run…" })).toBeVisible();
  await expect(item).toBeHidden();
  await keepTestCheckpoint(engine.paths, { archive });
  await item.click();
  await expect(dialog).toHaveAccessibleName("Kept checkpoints of microcore-worker");
  await expect(dialog.getByRole("listitem")).toHaveText(/^a try/);
});
