import { keepTestCheckpoint } from "../../core/states/test-kept-checkpoint.ts";
import { expect, test } from "./fixtures.ts";
import { leaveCache } from "./leave-cache.ts";

test("a person sees what is in the cache, and deletes a kind of it, but not what is in use", async ({
  tinsmith,
  engine,
}) => {
  using _held = await leaveCache(engine.paths);
  await tinsmith.command("Cache…");
  const { dialog } = tinsmith;
  const images = dialog.getByRole("region", { name: "Unpacked images" });
  const states = dialog.getByRole("region", { name: "Saved states" });
  await expect(images.getByRole("listitem")).toHaveCount(2);
  await expect(dialog).toContainText("of 20 GiB, the limit in the settings");
  await expect(images).toContainText("The disk of tinycore-setup.tar.lz4");
  await expect(states).toContainText("in use");
  await expect(states.getByRole("button")).toHaveAttribute("aria-disabled", "true");
  await images.getByRole("button", { name: "Delete unpacked images" }).click();
  await expect(images).toBeHidden();
  await expect(states.getByRole("listitem")).toHaveCount(1);
});

test("kept checkpoints are deleted after a question, which tells how many there are", async ({
  tinsmith,
  engine,
}) => {
  await keepTestCheckpoint(engine.paths);
  await keepTestCheckpoint(engine.paths, { name: "another" });
  await tinsmith.command("Cache…");
  const { dialog } = tinsmith;
  const checkpoints = dialog.getByRole("region", { name: "Kept checkpoints" });
  const remove = checkpoints.getByRole("button", { name: "Delete kept checkpoints…" });
  await remove.click();
  await expect(dialog).toHaveAccessibleName("Delete 2 kept checkpoints?");
  await expect(dialog).toContainText("No run can start from them any more");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(checkpoints.getByRole("listitem")).toHaveCount(2);
  await remove.click();
  await dialog.getByRole("button", { name: "Delete checkpoints" }).click();
  await expect(dialog).toContainText("The cache is empty.");
});
