import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import type { ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** Asks for a worker image, and returns the build that the window has begun. */
async function startBuild(tinsmith: TinsmithPage, engine: ScriptedEngine) {
  await tinsmith.rebuild("worker");
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
  const build = engine.started.at(-1);
  if (!build) throw new Error("the window has begun no build");
  return build;
}

test("a build shows its steps, its log, and its result", async ({ tinsmith, engine }) => {
  const build = await startBuild(tinsmith, engine);
  build.start("guest-tools");
  build.say("output", "go build");
  build.finish("guest-tools");
  build.start("guest");
  build.say("guest-log", "setup: started");
  const steps = tinsmith.build.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await expect(steps.nth(0)).toContainText(/Guest tools\s*\d\.\d s/);
  await expect(steps.nth(1)).toHaveAttribute("aria-current", "step");
  await expect(tinsmith.build.locator(".log")).toContainText("go build");
  await expect(tinsmith.build.locator(".log")).toContainText("setup: started");
  await build.succeed();
  const result = tinsmith.build.getByRole("region", { name: "Result" });
  await expect(result).toContainText("50.0 MB");
  await expect(result).toContainText(join(engine.workspace, "microcore/microcore-worker.tar.lz4"));
});

test("a build that fails shows the step, the cause, the evidence and what to do; and can be tried again", async ({
  tinsmith,
  engine,
}) => {
  const build = await startBuild(tinsmith, engine);
  build.start("guest");
  await build.fail({
    code: "build-failed",
    message: 'the guest powered off, but its log has no line with "setup: done"',
    advice: "See the guest's last lines.",
    details: ["setup: failed: save /opt and /home"],
  });
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  await expect(failure.getByRole("heading")).toHaveText("Guest failed");
  for (const text of ["has no line with", "See the guest's last lines", "setup: failed: save"])
    await expect(failure).toContainText(text);
  await failure.getByRole("button", { name: "Retry all" }).click();
  await expect.poll(() => engine.started.length).toBe(2);
});

test("cancel ends the build's process in order", async ({ tinsmith, engine }) => {
  const build = await startBuild(tinsmith, engine);
  build.start("boot");
  await tinsmith.build.getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.build.getByRole("region", { name: "Cancelled" })).toBeVisible();
});

test("a build that can't begin is said, and nothing else changes", async ({ tinsmith, engine }) => {
  engine.refuseNext({
    code: "busy",
    message: "microcore is being built already",
    advice: "Wait for that build.",
  });
  await tinsmith.rebuild("worker");
  await expect(tinsmith.errors).toContainText("is being built already");
  await expect(tinsmith.errors).toContainText("Wait for that build.");
});

test("a build that another process began is there, in the library and among the sessions", async ({
  tinsmith,
  engine,
}) => {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const build = await engine.begin("Worker image microcore", output);
  build.start("boot");
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("Being built");
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  await expect(tinsmith.build.getByText("Boot")).toBeVisible();
});

test("a reload, a second window and a cut connection lose nothing and double nothing", async ({
  tinsmith,
  engine,
  context,
}) => {
  const build = await startBuild(tinsmith, engine);
  const lines = tinsmith.build.locator(".log-line");
  const say = (from: number, to: number) => {
    for (let number = from; number < to; number += 1) build.say("guest-log", `line ${number}`);
  };
  say(0, 5);
  await expect(lines).toHaveCount(5);
  await engine.cutConnections();
  say(5, 10);
  await expect(lines).toHaveCount(10);
  await tinsmith.page.reload();
  await expect(lines).toHaveCount(10);
  const second = await context.newPage();
  await second.goto(tinsmith.page.url());
  say(10, 15);
  await expect(second.locator(".log-line")).toHaveCount(15);
  await expect(lines).toHaveCount(15);
  const shown = await lines.locator("code").allTextContents();
  expect(shown).toEqual(Array.from({ length: 15 }, (_, number) => `line ${number}`));
});
