import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readScenario } from "../../core/scenario/read-scenario.ts";
import { parseRules } from "../../shared/rules/rules-file.ts";
import { EditorPage } from "./editor-page.ts";
import { expect, test } from "./fixtures.ts";
import { RunPage } from "./run-page.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** Leaves a worker image, and opens its menu. */
async function openMenu(tinsmith: TinsmithPage, engine: ScriptedEngine): Promise<string> {
  const archive = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  if (!existsSync(archive)) await engine.leaveArchive(archive);
  const slot = tinsmith.slot("microcore", "Worker image");
  await expect(slot).toContainText("50.0 MB");
  await slot.getByRole("button", { name: /More for/ }).click();
  return archive;
}

test("a scenario of an image set is run on its worker image, and its expectations are shown", async ({
  tinsmith,
  engine,
  page,
}) => {
  const archive = await openMenu(tinsmith, engine);
  await page.getByRole("menuitem", { name: "Run a scenario…" }).click();
  await tinsmith.dialog.getByLabel("Scenario").selectOption("poll.yaml");
  await tinsmith.dialog.getByRole("button", { name: "Run scenario" }).click();
  const view = new RunPage(tinsmith);
  await expect(view.run).toBeVisible();
  const [run] = engine.runs;
  expect(run?.plan).toMatchObject({
    kind: "scenario",
    archive,
    files: [join(engine.workspace, "microcore/scenarios/poll.yaml")],
    trusted: [],
  });
  const began = Date.now();
  run?.record({ type: "guest-tools-started", time: began + 20_000 });
  const expectation = "at least 3 exchanges of poll";
  run?.record({
    type: "expectation-checked",
    ...{ expectation, passed: false, seen: "2 exchanges", at: began + 30_000 },
  });
  run?.report("success");
  await expect(view.run.getByRole("status").first()).toContainText(
    "The task has succeeded; the scenario waits for its expectations",
  );
  await run?.finish("success", { all: 1, unmet: 1 });
  // As on the axis: since the start of the session, some time before.
  await expect(view.run.getByRole("region", { name: "Expectations" })).toContainText(
    /Seen: 2 exchanges \(at 0:[345]\d\.\d\)/,
  );
  await expect(view.run.getByRole("region", { name: "Result" })).toHaveClass(/card-quiet/);
  const name = readScenario(join(engine.workspace, "microcore/scenarios/poll.yaml")).name;
  await expect(tinsmith.tabs(name).getByRole("img", { name: "Failed" })).toBeVisible();
  await tinsmith.showTab("Sessions");
  await expect(page.locator(".session", { hasText: name })).toContainText("Failed");
  await view.button("Run again…").click();
  await expect(tinsmith.dialog.getByLabel("Scenario")).toHaveValue(/poll\.yaml$/);

  // Another one of the same name: its row doesn't repeat its title.
  await page.keyboard.press("Escape");
  await engine.beginRun({ plan: run?.plan });
  const rows = page.locator(".session", { hasText: name });
  await expect(rows).toHaveCount(2);
  await rows.filter({ hasText: "Running" }).locator(".session-open").click();
  await expect(rows.filter({ hasText: `${name} 2` })).toHaveCount(1);
  for (const row of await rows.all())
    await expect(row.locator(".session-how").first()).not.toContainText(name);
});

test("a scenario is run from its editor once it is saved, and is chosen where others are offered", async ({
  tinsmith,
  engine,
  page,
}) => {
  await openMenu(tinsmith, engine);
  await page.keyboard.press("Escape");
  await tinsmith.command("Edit poll.yaml of microcore");
  const editor = new EditorPage(page, "poll.yaml");
  const run = editor.section.getByRole("button", { name: "Run…" });
  const scenario = tinsmith.dialog.getByLabel("Scenario");
  await run.click();
  await expect(scenario).toHaveValue(/poll\.yaml$/);
  await page.keyboard.press("Escape");
  await openMenu(tinsmith, engine);
  await page.getByRole("menuitem", { name: "Run a scenario…" }).click();
  await expect(scenario).toHaveValue(/poll\.yaml$/);
  await page.keyboard.press("Escape");
  await editor.write("name: other");
  await expect(run).toHaveAccessibleDescription(/Save the changes first/);
});

test("all scenarios of an image set are run; a refusal says why", async ({ tinsmith, engine, page }) => {
  await openMenu(tinsmith, engine);
  await page.keyboard.press("Escape");
  await tinsmith.command("Run a scenario");
  const files = readdirSync(join(engine.workspace, "microcore/scenarios"));
  const { dialog } = tinsmith;
  await dialog.getByLabel("Scenario").selectOption(`All ${files.length} scenarios`);
  engine.refuseNext({
    code: "invalid-scenario",
    message: "poll.yaml is not a valid scenario",
    advice: "Correct the listed issues.",
    details: ["line 2: command must name a program"],
  });
  await dialog.getByRole("button", { name: "Run all scenarios" }).click();
  await expect(dialog.getByRole("alert")).toContainText("line 2: command must name a program");
  await dialog.getByRole("button", { name: "Run all scenarios" }).click();
  await expect(new RunPage(tinsmith).run).toBeVisible();
  expect(engine.runs[0]?.plan).toMatchObject({ kind: "scenario" });
  const { plan } = engine.runs[0] ?? {};
  expect(plan?.kind === "scenario" && plan.files).toHaveLength(files.length);
});

/** Starts all scenarios of microcore, and lets the first two end: one passes, one fails. */
async function startAll(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  await openMenu(tinsmith, engine);
  await tinsmith.page.getByRole("menuitem", { name: "Run a scenario…" }).click();
  await tinsmith.dialog.getByLabel("Scenario").selectOption("All 10 scenarios");
  await tinsmith.dialog.getByRole("button", { name: "Run all scenarios" }).click();
  const view = new RunPage(tinsmith);
  await expect(view.run).toBeVisible();
  const [first] = engine.runs;
  if (!first?.plan) throw new Error("the window has started no scenario");
  const { plan, session } = first;
  await first.finish("success", { all: 1, unmet: 0 });
  const earlier = [{ session: session.id, passed: true }];
  const second = await engine.beginRun({ plan, earlier });
  await second.finish("success", { all: 1, unmet: 1 });
  const third = await engine.beginRun({
    plan,
    earlier: [...earlier, { session: second.session.id, passed: false }],
  });
  return { view, list: view.run.locator(".run-series"), third };
}

test("each of several scenarios is reached from the first one's tab, with the results so far", async ({
  tinsmith,
  engine,
}) => {
  const { view, list, third } = await startAll(tinsmith, engine);
  const rows = list.getByRole("listitem");
  await expect(list).toContainText("2 of 10 scenarios have run: 1 passed, 1 failed");
  await expect(rows).toHaveCount(10);
  const states = ["Passed", "Failed", "Running", "Not started"];
  for (const [index, state] of states.entries())
    await expect(rows.nth(index).getByRole("img", { name: state })).toBeVisible();
  await expect(rows.nth(0).getByRole("button")).toHaveAttribute("aria-current", "true");
  await expect(rows.nth(3).getByRole("button")).toHaveCount(0);
  const running = rows.nth(2).getByRole("button");
  const title = (await running.textContent()) ?? "";
  await running.click();
  await expect(tinsmith.tabs(title)).toBeVisible();
  await expect(view.run.getByRole("heading", { name: title })).toBeVisible();
  await expect(rows.nth(2).getByRole("button")).toHaveAttribute("aria-current", "true");
  await tinsmith.showTab("Sessions");
  await expect(tinsmith.page.locator(".session", { hasText: title })).toContainText("scenario 3 of 10");
  await third.finish("success", { all: 1, unmet: 0 });
  await expect(list).toContainText("3 of 10 scenarios have run: 2 passed, 1 failed");
});

test("a stop of several scenarios ends the one that runs, and the list says that the others don't start", async ({
  tinsmith,
  engine,
}) => {
  const { view, list } = await startAll(tinsmith, engine);
  const rows = list.getByRole("listitem");
  await rows.nth(2).getByRole("button").click();
  await expect(view.button("Stop run")).toHaveCount(0);
  await view.button("Stop all scenarios").click();
  await expect(list).toContainText("Stopped: 1 passed, 1 failed, 8 without a result");
  await expect(rows.nth(2).getByRole("img", { name: "Stopped" })).toBeVisible();
  await expect(rows.nth(3).getByRole("img", { name: "Not started" })).toBeVisible();
  expect(engine.stopsAsked).toEqual([false]);
  // The first one's tab says the same.
  await rows.nth(0).getByRole("button").click();
  await expect(list).toContainText("Stopped: 1 passed, 1 failed, 8 without a result");
});

test("an image set without rules.yaml gets a valid one, which opens in the editor", async ({
  tinsmith,
  engine,
  page,
}) => {
  await openMenu(tinsmith, engine);
  await page.getByRole("menuitem", { name: "Add rules.yaml" }).click();
  await expect(new EditorPage(page, "rules.yaml").code).toContainText("refuse the first execute");
  // The menu has given the focus back to its button.
  await expect(page.getByRole("tooltip")).toHaveCount(0);
  const text = readFileSync(join(engine.workspace, "microcore/rules.yaml"), "utf8");
  expect(parseRules(text, "rules.yaml").rules).toHaveLength(1);
  await openMenu(tinsmith, engine);
  await expect(page.getByRole("menuitem", { name: "Add rules.yaml" })).toBeHidden();
  await page.keyboard.press("Escape");
  await tinsmith.command("Add rules.yaml to tinycore");
  await expect.poll(() => existsSync(join(engine.workspace, "tinycore/rules.yaml"))).toBe(true);
});

test("another scenario of an image set is made from a valid one, opens in the editor, and can be run", async ({
  tinsmith,
  engine,
  page,
}) => {
  await openMenu(tinsmith, engine);
  await page.getByRole("menuitem", { name: "Add a scenario" }).click();
  const editor = new EditorPage(page, "new-scenario.yaml");
  await expect(editor.code).toContainText("expect:");
  await expect(editor.issues).toHaveCount(0);
  await editor.write("name: broken");
  await expect(editor.issues.first()).toContainText("command");
  await expect(tinsmith.library).toContainText("11 scenarios");
  await openMenu(tinsmith, engine);
  await page.getByRole("menuitem", { name: "Add a scenario" }).click();
  await expect(new EditorPage(page, "new-scenario-2.yaml").code).toBeVisible();
  await expect(tinsmith.library).toContainText("12 scenarios");
  await openMenu(tinsmith, engine);
  await page.getByRole("menuitem", { name: "Run a scenario…" }).click();
  await tinsmith.dialog.getByLabel("Scenario").selectOption("new-scenario-2.yaml");
});
