import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseScenario } from "../../shared/scenario/scenario-file.ts";
import { addRule, BreakpointsPage, exchange } from "./breakpoints-page.ts";
import { EditorPage } from "./editor-page.ts";
import { expect, test } from "./fixtures.ts";
import { openRun } from "./session-tabs.ts";

test("a session is saved as a scenario of its image set, which says what it left out, and opens in the editor", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { run } = await openRun(tinsmith, engine, "make test");
  const view = await BreakpointsPage.open(tinsmith);
  await view.breakOn({ Direction: "request to", Endpoint: "log" });
  const answered = exchange(run, "POST", "log", "unseen\n");
  await view.button("Answer with error").click();
  await page.getByRole("menuitem", { name: "503" }).click();
  expect((await answered).status).toBe(503);
  await run.finish("failed");
  await page.keyboard.press("Control+2");
  await page.getByRole("button", { name: "More for make test" }).click();
  await page.getByRole("menuitem", { name: "Save as scenario…" }).click();
  const { dialog } = tinsmith;
  await expect(dialog.getByRole("region", { name: "Left out" })).toContainText(
    'The rule "break on log request" is left out: it holds messages until a person releases them.',
  );
  await expect(dialog.getByLabel("Image set")).toHaveValue(join(engine.workspace, "microcore"));
  await expect(dialog.getByLabel("Name")).toHaveValue(`As in session ${run.session.id}`);
  await dialog.getByLabel("Name").fill("A refused log is sent again");
  await expect(dialog.getByLabel("File")).toHaveValue("a-refused-log-is-sent-again.yaml");
  await dialog.getByRole("button", { name: "Save scenario" }).click();
  await expect(dialog).toBeHidden();
  const editor = new EditorPage(page, "a-refused-log-is-sent-again.yaml");
  await expect(editor.code).toContainText("name: A refused log is sent again");
  await expect(editor.issues).toHaveCount(0);
  const path = join(engine.workspace, "microcore/scenarios/a-refused-log-is-sent-again.yaml");
  expect(parseScenario(readFileSync(path, "utf8"), path)).toMatchObject({
    command: ["sh", "-c", "make test"],
    rules: [{ when: { endpoint: "log", occurrence: 1 }, steps: [{ answer: { status: 503 } }] }],
    expect: [{ result: "failed" }],
  });
});

test("a running session is saved as far as it has come; a file that is there is not replaced", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { run } = await openRun(tinsmith, engine, "make test");
  addRule(run, { name: "ping", when: { endpoint: "ping" }, steps: [{ answer: { status: 503 } }] });
  expect((await exchange(run, "GET", "ping")).status).toBe(503);
  await tinsmith.command("Save a session as a scenario…");
  const { dialog } = tinsmith;
  await expect(dialog.getByRole("region", { name: "Left out" })).toContainText("The result is left out");
  await dialog.getByLabel("File").fill("poll.yaml");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("The image set has a scenario with this name.");
  await dialog.getByLabel("File").fill("../poll.yaml");
  await expect(dialog.getByRole("alert")).toContainText("Enter a name that ends with .yaml.");
  // This one has no scenarios yet.
  await dialog.getByLabel("Image set").selectOption("tinycore");
  await dialog.getByLabel("File").fill("poll.yaml");
  await dialog.getByRole("button", { name: "Save scenario" }).click();
  await expect(new EditorPage(page, "poll.yaml").code).toContainText("status: 503");
  await tinsmith.showTab("Library");
  await expect(tinsmith.library).toContainText("1 scenario");
});

test("a build can't be saved as a scenario", async ({ tinsmith, engine, page }) => {
  await engine.begin("Worker image microcore", "/tmp/microcore-worker.tar.lz4");
  await tinsmith.showTab("Sessions");
  await page.getByRole("button", { name: "More for Worker image microcore" }).click();
  const item = page.getByRole("menuitem", { name: /^Save as scenario/ });
  await expect(item).toBeDisabled();
  await expect(item).toContainText("A build can't be a scenario");
});
