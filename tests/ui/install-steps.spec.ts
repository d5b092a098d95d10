import type { InstallStep } from "../../shared/recipe/install-step.ts";
import { showBuild } from "./build-page.ts";
import { expect, test } from "./fixtures.ts";

const steps: readonly InstallStep[] = [
  { wait: "boot:" },
  { type: "linux" },
  { wait: "login:", timeout: 30 },
  { type: [{ secret: "ROOT_PASSWORD" }] },
];

test("install steps are shown as they are done; they can be paused, done one by one, and from a chosen one on", async ({
  tinsmith,
  engine,
}) => {
  const { build, pane } = await showBuild(tinsmith, engine);
  build.start("boot");
  const script = build.install(steps, 2);
  await pane("Install steps").click();
  const install = tinsmith.build.getByRole("region", { name: "Install steps" });
  const rows = install.getByRole("listitem");
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText("linux");
  await expect(rows.nth(1).getByRole("img", { name: "done", exact: true })).toBeVisible();
  await expect(rows.nth(2)).toHaveAttribute("aria-current", "step");
  await expect(rows.nth(3)).toContainText("{secret: ROOT_PASSWORD}");
  script.show("Loading /boot/vmlinuz");
  await expect(install).toContainText("Loading /boot/vmlinuz");

  await expect(install.getByRole("button", { name: "Do next step" })).toHaveAccessibleDescription(
    "pause the steps first",
  );
  await install.getByRole("button", { name: "Pause" }).click();
  await install.getByRole("button", { name: "Do next step" }).click();
  await install.getByRole("button", { name: "Run", exact: true }).click();
  await rows.nth(1).getByRole("button", { name: "Run from step 2" }).click();
  await expect.poll(() => script.acts).toEqual(["pause", "step", "run", "run from 1"]);
  await expect(rows.nth(1)).toHaveAttribute("aria-current", "step");
  await expect(rows.nth(1).getByRole("img", { name: "done", exact: true })).toBeHidden();
});

test("a wait that fails shows the expected text beside the console's, and the step can be changed", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { build, serial } = await showBuild(tinsmith, engine);
  build.start("boot");
  const script = build.install(steps, 2);
  await expect(serial).toBeVisible();
  script.fail('the serial console did not show "login:" in 30 s', ["Debian GNU/Linux 12", "box User: "]);
  // Unasked.
  const failed = tinsmith.build.getByRole("region", { name: "Failed step" });
  await expect(failed).toContainText('Step 3: The serial console did not show "login:" in 30 s');
  await expect(failed.getByRole("definition").first()).toHaveText("login:");
  await expect(failed.getByRole("definition").last()).toContainText("box User:");
  await failed.getByRole("button", { name: "Change step…" }).click();
  const field = page.getByLabel("Step 3", { exact: true });
  await expect(field).toHaveValue('{ wait: "login:", timeout: 30 }');
  await field.fill("{wait: }");
  await expect(page.getByText("must be the text to wait for")).toBeVisible();
  await field.fill('{wait: "User:"}');
  await page.getByRole("button", { name: "Change step and recipe" }).click();
  await expect.poll(() => script.acts).toEqual(['change 2 {"wait":"User:"}']);
  await expect(failed).toBeHidden();
  await expect(field).toBeHidden();
});
