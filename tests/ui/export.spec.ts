import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import { holdAnswers } from "./hold-answers.ts";

test("a session is exported into one file, without what a person leaves out and without secrets", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun({ env: { PASSWORD: "correct horse" } });
  run.log("the password is correct horse\r\n");
  writeFileSync(run.session.paths.serialLog, "login: \r\n");
  await run.fail({ code: "guest-tools-lost", message: "the guest tools fell silent" });

  await tinsmith.showTab("Sessions");
  await tinsmith.page.getByRole("button", { name: "More for make test" }).click();
  await tinsmith.page.getByRole("menuitem", { name: "Export for a bug report…" }).click();
  const { dialog } = tinsmith;
  await expect(dialog).toContainText("the value of PASSWORD, your home folder");
  await expect(dialog.getByLabel(/^Events/)).toBeDisabled();
  await dialog.getByLabel(/^Serial console/).uncheck();
  const target = join(engine.workspace, "report.tar.gz");
  await expect(dialog.getByLabel("Save as")).toHaveValue(/\/tinsmith-[\w-]+\.tar\.gz$/);
  await dialog.getByLabel("Save as").fill(target);
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(tinsmith.notices).toContainText(`${target}: `);
  await expect(dialog).toBeHidden();

  const names = execFileSync("tar", ["-tzf", target]).toString();
  expect(names).toContain("task.log");
  expect(names).toContain("screen.png");
  expect(names).not.toContain("serial.log");
  const content = execFileSync("tar", ["-xzOf", target]).toString("latin1");
  expect(content).toContain("the password is [value of PASSWORD]");
  expect(content).not.toContain("correct horse");

  // The name is taken now.
  const before = readFileSync(target);
  await tinsmith.command("Export a session");
  await dialog.getByLabel("Save as").fill(target);
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(dialog.getByRole("alert")).toContainText("already exists");
  expect(readFileSync(target)).toEqual(before);
});

test("a path that a person types for an export stays when the suggested one comes later", async ({
  tinsmith,
  engine,
  page,
}) => {
  const run = await engine.beginRun();
  await run.finish("success");
  const letAnswersCome = await holdAnswers(page, "downloads/suggest");
  await page.reload();
  await tinsmith.isUsable();
  await tinsmith.command("Export a session");
  const path = tinsmith.dialog.getByLabel("Save as");
  const target = join(engine.workspace, "typed.tar.gz");
  await path.fill(target);
  await letAnswersCome();
  await expect(path).toHaveValue(target);
});
