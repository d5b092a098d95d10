import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EditorPage } from "./editor-page.ts";
import { expect, test } from "./fixtures.ts";

const rules = "rules:\n  - name: refused listing\n    steps: [{answer: {status: 503}}]\n";

test("a run has the rules of its image set only if the person wants that", async ({ tinsmith, engine }) => {
  const folder = join(engine.workspace, "microcore");
  writeFileSync(join(folder, "rules.yaml"), rules);
  await engine.leaveArchive(join(folder, "microcore-worker.tar.lz4"));
  await expect(tinsmith.slot("microcore", "Worker image")).not.toContainText("Not built");
  const start = async () => {
    await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
    const choice = tinsmith.dialog.getByLabel("Apply the rules of rules.yaml");
    await expect(choice).not.toBeChecked();
    return choice;
  };
  const submit = async (count: number) => {
    await tinsmith.dialog.getByLabel("Command").fill("true");
    await tinsmith.dialog.getByRole("button", { name: "Run image", exact: true }).click();
    await expect.poll(() => engine.runs.length).toBe(count);
    return engine.runs.at(-1)?.plan;
  };
  const choice = await start();
  await choice.check();
  expect(await submit(1)).toMatchObject({ rules: { rules: [{ name: "refused listing" }] } });
  // The next run has none, until the person wants them again.
  await start();
  expect(await submit(2)).not.toHaveProperty("rules.rules");
});

test("a rebuild has the rules of its image set if the person wants that", async ({ tinsmith, engine }) => {
  const folder = join(engine.workspace, "microcore");
  writeFileSync(join(folder, "rules.yaml"), rules);
  for (const image of ["setup", "worker"])
    await engine.leaveArchive(join(folder, `microcore-${image}.tar.lz4`));
  await tinsmith.page.getByRole("button", { name: "More for the worker image of microcore" }).click();
  await tinsmith.page.getByRole("menuitem", { name: "Rebuild with options…" }).click();
  await tinsmith.dialog.getByLabel("Apply the rules of rules.yaml").check();
  await expect(tinsmith.dialog).toContainText("The archive stays as it is.");
  await tinsmith.dialog.getByRole("button", { name: "Rebuild worker" }).click();
  await expect.poll(() => engine.started.length).toBe(1);
  expect(engine.started[0]?.plan).toMatchObject({ rules: { rules: [{ name: "refused listing" }] } });
});

test("the editor of rules completes keys and values, and lists issues", async ({ tinsmith, engine }) => {
  const folder = join(engine.workspace, "microcore");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "rules.yaml"), "rules:\n  - name: a\n    when: {endpoint: pol}\n    step: []\n");
  const editor = await EditorPage.open(tinsmith, "microcore", "rules.yaml");
  await expect(editor.issues).toHaveCount(3);
  await expect(editor.issues.first()).toContainText("endpoint");
  await editor.cursorAfter("pol");
  await tinsmith.page.keyboard.press("Control+Space");
  await expect(tinsmith.page.getByRole("option", { name: /^poll/ })).toBeVisible();
});
