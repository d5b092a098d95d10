import { appendFileSync } from "node:fs";
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
