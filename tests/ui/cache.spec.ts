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
  await expect(states).toContainText("in use");
  await expect(states.getByRole("button")).toHaveAttribute("aria-disabled", "true");
  await images.getByRole("button", { name: "Delete unpacked images" }).click();
  await expect(images).toBeHidden();
  await expect(states.getByRole("listitem")).toHaveCount(1);
});
