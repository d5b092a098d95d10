import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { emptyIso } from "../../core/iso/test-iso-files.ts";
import { showBuild } from "./build-page.ts";
import { expect, test } from "./fixtures.ts";

test("an installation by hand becomes steps as it is done, which a person can change, leave out, and save", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { build, pane, serial } = await showBuild(tinsmith, engine);
  const recording = build.record();
  build.start("boot");
  build.print("microcore login: ");
  await expect(serial).toContainText("microcore login");
  await serial.locator(".xterm-screen").dblclick({ position: { x: 20, y: 8 } });
  await pane("Recorded steps").click();
  await expect(tinsmith.build.getByText("No steps yet")).toBeVisible();
  recording.show(
    {
      ...{ at: 3.1, console: "serial", wait: "login:", verdict: { kind: "ok", at: 3 } },
      ...{ steps: [{ wait: "login:" }, { type: "root" }], checkpoint: "step-1" },
    },
    {
      ...{ at: 4.5, console: "serial", wait: "box", verdict: { kind: "early", at: 3.1 } },
      steps: [{ wait: "box" }, { type: [{ secret: "SECRET_1" }] }],
      ...{ secret: "SECRET_1", hidden: "SECRET_1" },
    },
  );
  const steps = tinsmith.build.getByRole("region", { name: "Recorded steps" });
  const rows = steps.getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.first().getByRole("img", { name: "right in the recording" })).toBeVisible();
  await expect(rows.last()).toContainText("would match too early, at 3.1 s");
  await expect(rows.last()).toContainText("{secret: SECRET_1}");

  await rows.last().getByRole("button", { name: "Change the wait of step 2" }).click();
  await page.getByRole("button", { name: "Take the selected text “microcore”" }).click();
  await expect(page.getByLabel("Step 2 waits for")).toHaveValue("microcore");
  await page.getByLabel("Texts that were new before it").selectOption("box login:");
  await expect(page.getByLabel("Step 2 waits for")).toHaveValue("box login:");
  await page.getByRole("button", { name: "Change the wait", exact: true }).click();
  await rows.last().getByRole("button", { name: "Step 2 types no secret" }).click();
  await rows.first().getByRole("button", { name: "Leave step 1 out" }).click();
  await expect
    .poll(() => recording.acts)
    .toEqual([
      '{"kind":"wait","step":"2","wait":"box login:"}',
      '{"kind":"no-secret","step":"2"}',
      '{"kind":"remove","step":"1"}',
    ]);
  await rows.first().getByRole("button", { name: "Record again from step 1…" }).click();
  await expect(tinsmith.dialog).toHaveAccessibleName("Record again from step 1?");
  await expect(tinsmith.dialog).toContainText("The recorded steps from this one on are lost.");
  await page.keyboard.press("Escape");
  await expect(
    rows.last().getByRole("button", { name: "Record again from step 2…" }),
  ).toHaveAccessibleDescription("it has no checkpoint any more");

  const save = steps.getByRole("button", { name: "Save steps…" });
  await save.click();
  await expect(tinsmith.dialog.getByLabel("File", { exact: true })).toHaveValue(
    /\/microcore\/recorded\.steps\.yaml$/,
  );
  await page.keyboard.press("Escape");
  await expect(save).toBeFocused();
  await save.click();
  await tinsmith.dialog.getByRole("button", { name: "Save steps" }).click();
  await expect.poll(() => recording.acts.at(-1)).toMatch(/^save .*\/microcore\/recorded\.steps\.yaml$/);
});

test("saved steps can be proved as long as their pane is there, also before the library has seen their file; a file that is there keeps its name", async ({
  tinsmith,
  engine,
}) => {
  const folder = join(engine.workspace, "microcore");
  writeFileSync(join(folder, "recorded.steps.yaml"), "install: [{type: root}]\n");
  const build = await engine.begin("Setup image microcore", join(folder, "microcore-setup.tar.lz4"));
  await tinsmith.slot("microcore", "Setup image").getByRole("button", { name: "Show" }).click();
  const recording = build.record();
  build.start("boot");
  recording.show({
    at: 3.1,
    console: "serial",
    wait: "login:",
    steps: [{ wait: "login:" }, { type: "root" }],
  });
  await tinsmith.build.getByRole("button", { name: "Recorded steps" }).click();
  await tinsmith.build.getByRole("button", { name: "Save steps…" }).click();
  const file = join(folder, "recorded-2.steps.yaml");
  await expect(tinsmith.dialog.getByLabel("File", { exact: true })).toHaveValue(file);
  await tinsmith.dialog.getByRole("button", { name: "Save steps" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  await build.end();
  const steps = tinsmith.build.getByRole("region", { name: "Recorded steps" });
  await steps.getByRole("button", { name: "Prove the steps…" }).click();
  await expect(tinsmith.dialog.getByLabel("Installed by")).toHaveValue(file);
});

test("a step that waits for several texts shows them in their order", async ({ tinsmith, engine }) => {
  const { build, pane } = await showBuild(tinsmith, engine);
  const recording = build.record();
  build.start("boot");
  recording.show({
    ...{ at: 3.1, console: "serial", wait: "$ ", verdict: { kind: "ok", at: 3 } },
    steps: [{ screen: "Installed" }, { wait: "$ " }, { wait: "$ " }, { type: "reboot" }],
  });
  await pane("Recorded steps").click();
  const row = tinsmith.build.getByRole("region", { name: "Recorded steps" }).getByRole("listitem");
  await expect(row).toContainText("Waits for Installed, then for $ , then for $");
});

test("saved steps become those of the recipe, with the ISO and the disk of the installation: a rebuild installs by them", async ({
  tinsmith,
  engine,
  page,
}) => {
  const folder = join(engine.workspace, "tinycore");
  const recipe = join(folder, "recipe.yaml");
  const before = "# Mine.\ncd: [setup.sh] # Its own.\ndone: ready\n";
  writeFileSync(recipe, before);
  writeFileSync(join(folder, "core.iso"), emptyIso());
  const slot = tinsmith.slot("tinycore", "Setup image");
  await slot.getByRole("button", { name: "Install…" }).click();
  await expect(tinsmith.dialog).toContainText("Tinsmith records your steps");
  await tinsmith.dialog.getByRole("combobox", { name: "ISO" }).fill(join(folder, "core.iso"));
  await tinsmith.dialog.getByLabel("Disk").fill("4");
  await tinsmith.dialog.getByRole("button", { name: "Install setup image" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  const [build] = engine.started;
  if (!build) throw new Error("the window has begun no build");
  const recording = build.record();
  build.start("boot");
  recording.show({
    at: 3.1,
    console: "serial",
    wait: "login:",
    steps: [{ wait: "login:" }, { type: "root" }],
  });
  await tinsmith.showLog();
  await tinsmith.build.getByRole("button", { name: "Recorded steps" }).click();
  const save = tinsmith.build.getByRole("button", { name: "Save steps…" });
  await save.click();
  await expect(tinsmith.dialog.getByLabel("Use the steps in the recipe")).toBeChecked();
  await expect(tinsmith.dialog).toContainText("It also gets the ISO and the disk size of this installation.");
  await tinsmith.dialog.getByRole("button", { name: "Save steps" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  const used = (file: string) => `${before}steps: ${file}\niso: { path: core.iso }\nsize: 4\n`;
  expect(readFileSync(recipe, "utf8")).toBe(used("recorded.steps.yaml"));
  await expect(page.getByText("and the recipe of tinycore uses them").first()).toBeVisible();
  await expect(tinsmith.library.getByRole("button", { name: "recorded.steps.yaml" })).toBeVisible();

  await save.click();
  await expect(tinsmith.dialog.getByLabel("Use the steps in the recipe")).not.toBeChecked();
  await expect(tinsmith.dialog).toContainText("in place of its own steps");
  await tinsmith.dialog.getByLabel("Use the steps in the recipe").check();
  await tinsmith.dialog.getByRole("button", { name: "Save steps" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  expect(readFileSync(recipe, "utf8")).toBe(used("recorded-2.steps.yaml"));
  await build.end();
  await slot.getByRole("button", { name: "Build", exact: true }).click();
  await expect.poll(() => engine.started.length).toBe(2);
  expect(engine.started[1]?.plan).toMatchObject({ kind: "rebuild", image: "setup", byHand: false });
});

test("steps that can't be written into the recipe are saved all the same", async ({
  tinsmith,
  engine,
  page,
}) => {
  const folder = join(engine.workspace, "microcore");
  const build = await engine.begin("Setup image microcore", join(folder, "microcore-setup.tar.lz4"));
  await tinsmith.slot("microcore", "Setup image").getByRole("button", { name: "Show" }).click();
  const recording = build.record();
  build.start("boot");
  recording.show({
    at: 3.1,
    console: "serial",
    wait: "login:",
    steps: [{ wait: "login:" }, { type: "root" }],
  });
  await tinsmith.build.getByRole("button", { name: "Recorded steps" }).click();
  await tinsmith.build.getByRole("button", { name: "Save steps…" }).click();
  await tinsmith.dialog.getByLabel("Use the steps in the recipe").check();
  writeFileSync(join(folder, "recipe.yaml"), "size: none\n");
  await tinsmith.dialog.getByRole("button", { name: "Save steps" }).click();
  await expect(page.getByText("recipe.yaml is not a valid recipe").first()).toBeVisible();
  expect(existsSync(join(folder, "recorded.steps.yaml"))).toBe(true);
  expect(readFileSync(join(folder, "recipe.yaml"), "utf8")).toBe("size: none\n");
});

test("keys that were pressed one after another are in one line, and the end of the guest is a wait", async ({
  tinsmith,
  engine,
}) => {
  const { build, pane } = await showBuild(tinsmith, engine);
  const recording = build.record();
  build.start("boot");
  recording.show(
    {
      ...{ at: 3.1, console: "screen", wait: "tc@box", verdict: { kind: "ok", at: 3 } },
      steps: [{ screen: "tc@box" }, { press: ["l"] }, { press: ["l"] }, { press: ["ret"] }],
    },
    { at: 4.5, console: "serial", steps: [{ wait: "power-off" }] },
  );
  await pane("Recorded steps").click();
  const rows = tinsmith.build.getByRole("region", { name: "Recorded steps" }).getByRole("listitem");
  await expect(rows.first()).toContainText("Presses l l ret");
  await expect(rows.last()).toContainText("Waits for power-off");
});
