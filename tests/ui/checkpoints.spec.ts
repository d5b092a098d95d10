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
  await expect(dialog.getByRole("listitem")).toHaveCount(0);
});

test("a virtual machine that can have no checkpoints says why", async ({ tinsmith, engine }) => {
  const { machine } = await openScriptedScreen(tinsmith, engine);
  machine.setState({ status: "running", checkpointProblem: "its disk is a raw file" });
  await tinsmith.screen.getByRole("button", { name: "Checkpoints" }).click();
  const make = tinsmith.page.getByRole("menuitem", { name: "Make a checkpoint…" });
  await expect(make).toContainText("its disk is a raw file");
  await expect(make).toHaveAttribute("aria-disabled", "true");
});
