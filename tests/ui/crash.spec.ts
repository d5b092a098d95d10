import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { listCrashes } from "../../core/crash/kept-crashes.ts";
import { expect, test } from "./fixtures.ts";
import { leaveCrash } from "./leave-crash.ts";

test("what ended unexpectedly is offered calmly: to be read, exported, and dismissed", async ({
  tinsmith,
  engine,
}) => {
  const { page, dialog } = tinsmith;
  const { id } = leaveCrash(engine.paths);
  const notice = page.getByRole("status").filter({ hasText: "Tinsmith ended unexpectedly on" });
  await notice.getByRole("button", { name: "Show report" }).click();
  await expect(dialog).toContainText("TypeError: session.close is not a function");
  await expect(dialog).toContainText("at closeAll");

  await dialog.getByRole("button", { name: "Export for a bug report…" }).click();
  await expect(dialog.getByLabel(/^Crash report/)).toBeDisabled();
  const target = join(engine.workspace, "crash.tar.gz");
  await expect(dialog.getByLabel("Save as")).toHaveValue(/crash-/);
  await dialog.getByLabel("Save as").fill(target);
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(page.getByText(`${target}: `)).toBeVisible();
  expect(execFileSync("tar", ["-tzf", target]).toString()).toBe(`${id}/README.md\n${id}/crash.json\n`);

  await notice.getByRole("button", { name: "Dismiss" }).click();
  await expect(notice).toBeHidden();
  expect(listCrashes(engine.paths)).toEqual([]);
});
