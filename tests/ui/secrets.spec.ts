import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";

test("a build whose install steps type a secret asks for it first", async ({ tinsmith, engine }) => {
  appendFileSync(join(engine.workspace, "microcore/recipe.yaml"), "  - type: [{secret: ROOT_PASSWORD}]\n");
  await tinsmith.rebuild("setup");
  const rebuild = tinsmith.dialog.getByRole("button", { name: "Rebuild setup" });
  await expect(rebuild).toHaveAccessibleDescription("Give each secret");
  const field = tinsmith.dialog.getByLabel("ROOT_PASSWORD");
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute("type", "password");
  await field.fill("hush");
  await rebuild.click();
  await expect
    .poll(() => engine.started.at(-1)?.plan)
    .toMatchObject({
      image: "setup",
      secrets: { ROOT_PASSWORD: "hush" },
    });
});

test("steps of a file that type a secret, chosen for an installation, ask for it first", async ({
  tinsmith,
  engine,
}) => {
  const steps = join(engine.workspace, "microcore/mine.steps.yaml");
  writeFileSync(steps, "install: [{type: [{secret: ROOT_PASSWORD}]}]\n");
  await tinsmith.command("Install the setup image by hand");
  await tinsmith.dialog.getByLabel("Installed by").selectOption(steps);
  await tinsmith.dialog.getByRole("button", { name: "Install setup image" }).click();
  const field = tinsmith.dialog.getByLabel("ROOT_PASSWORD");
  await expect(field).toBeFocused();
  expect(engine.started).toEqual([]);
  await field.fill("hush");
  await tinsmith.dialog.getByRole("button", { name: "Install setup image" }).click();
  await expect
    .poll(() => engine.started.at(-1)?.plan)
    .toMatchObject({ steps, secrets: { ROOT_PASSWORD: "hush" } });
});
