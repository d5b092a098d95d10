import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { listCrashes } from "../../../core/crash/crash-reports.ts";
import { expect, test } from "../fixtures.ts";
import { leaveCrash } from "../leave-crash.ts";
import { plantError } from "../plant-error.ts";

test("what ended unexpectedly is offered calmly: to be read, exported, and dismissed", async ({
  tinsmith,
  engine,
}) => {
  const { page, dialog } = tinsmith;
  const { id } = leaveCrash(engine.paths);
  const notice = page.getByRole("status").filter({ hasText: "tinsmith serve ended unexpectedly on" });
  await notice.getByRole("button", { name: "Show report" }).click();
  await expect(dialog).toContainText("TypeError: session.close is not a function");
  await expect(dialog).toContainText("at closeAll");

  await dialog.getByRole("button", { name: "Export for a bug report…" }).click();
  await expect(dialog.getByLabel(/^Crash report/)).toBeDisabled();
  const target = join(engine.workspace, "crash.tar.gz");
  await expect(dialog.getByLabel("Save as")).toHaveValue(/crash-/);
  await dialog.getByLabel("Save as").fill(target);
  await dialog.getByRole("button", { name: "Export" }).click();
  await expect(tinsmith.notices).toContainText(`${target}: `);
  expect(execFileSync("tar", ["-tzf", target]).toString()).toBe(`${id}/README.md\n${id}/crash.json\n`);

  await notice.getByRole("button", { name: "Dismiss" }).click();
  await expect(notice).toBeHidden();
  expect(listCrashes(engine.paths)).toEqual([]);
});

test("an error of one panel stays in that panel, leaves a report, and goes when the panel is reloaded", async ({
  tinsmith,
  engine,
}) => {
  const { page } = tinsmith;
  const build = await engine.begin(
    "Worker image microcore",
    join(engine.workspace, "microcore/microcore-worker.tar.lz4"),
  );
  build.say("note", "hello");
  const plant = await plantError(page);
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  const error = page.getByRole("alert").filter({ hasText: "had an unexpected error" });
  await expect(error).toContainText("planted");
  await expect(tinsmith.library).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "sessions were not affected." })).toBeVisible();
  expect(listCrashes(engine.paths)).toMatchObject([
    {
      report: {
        program: expect.stringMatching(/^The panel ".+"$/),
        outcome: "continued",
        error: { message: "Error: planted", stack: expect.stringContaining("In the panel:") },
      },
    },
  ]);
  await plant.restore();
  await error.getByRole("button", { name: "Reload panel" }).click();
  await expect(tinsmith.build).toContainText("hello");
  await expect(error).toBeHidden();
});

test("a panel whose script can't be loaded says so, and comes with a reload of the window", async ({
  tinsmith,
  engine,
}) => {
  const { page } = tinsmith;
  await engine.begin("Worker image microcore", join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
  await page.route(/serial-view.*\.js/, (route) => route.abort());
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  await tinsmith.showTab(/^Serial/);
  const error = page.getByRole("alert").filter({ hasText: 'The panel "Serial" had an unexpected error' });
  await expect(error).toBeVisible();
  await page.unroute(/serial-view.*\.js/);
  await error.getByRole("button", { name: "Reload window" }).click();
  await expect(tinsmith.serial.locator(".xterm-rows")).toBeVisible();
});
