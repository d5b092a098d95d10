import { expect, test } from "../fixtures.ts";
import { openRun } from "../session-tabs.ts";

const rules = [
  { name: "first ping", hits: 1 },
  { name: "lost result", hits: 0 },
];
const line = "Rules were active: first ping (1 message), lost result (never applied).";

test("the result of a run names the rules that were active, with their uses", async ({
  tinsmith,
  engine,
}) => {
  const { run, view } = await openRun(tinsmith, engine, "make test");
  run.report("success");
  await expect(view.run).toContainText("The task succeeded");
  await expect(view.run).not.toContainText("Rules were active");
  run.session.record({ type: "run-finished", result: "success", rules });
  await expect(view.run.getByText(line)).toBeVisible();
});

test("the result of a build that failed names the rules that were active", async ({ tinsmith, engine }) => {
  const build = await engine.begin("Worker image microcore", "/tmp/microcore-worker.tar.lz4");
  await tinsmith.showTab("Sessions");
  await tinsmith.page.locator(".session-open").click();
  build.start("boot");
  const error = { code: "build-failed", message: "the guest failed" } as const;
  build.session.record({ type: "build-failed", error, rules });
  await expect(tinsmith.build.getByText(line)).toBeVisible();
});
