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
  await build.runOnHost("build.sh", 'printf "\\033[32mgo build\\033[0m\\n"');
  build.finish("guest-tools");
  build.start("guest");
  build.say("guest-log", "setup: started");
  const steps = tinsmith.build.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await expect(steps.nth(0)).toContainText(/Guest tools\s*\d\.\d s/);
  await expect(steps.nth(1)).toHaveAttribute("aria-current", "step");
  await expect(tinsmith.hostTerminal.locator(".xterm-fg-2")).toHaveText("go build");
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

test("a retry of the failed step goes on with what was made, and says so", async ({ tinsmith, engine }) => {
  const build = await startBuild(tinsmith, engine);
  build.start("guest");
  await build.fail({ code: "build-failed", message: "it failed" }, ["guest-tools", "data-cd"]);
  await tinsmith.build.getByRole("button", { name: "Retry guest" }).click();
  await expect.poll(() => engine.started.length).toBe(2);
  const retry = engine.started.at(-1);
  expect(retry?.args.slice(-2)).toEqual(["--retry", build.session.id]);
  retry?.session.record({ type: "step-reused", step: "data-cd" });
  await expect(tinsmith.build.getByRole("listitem").filter({ hasText: "Data CD" })).toContainText("reused");
});

test("a failed build's guest is kept when that is wanted, can be typed into, and is ended from the card", async ({
  tinsmith,
  engine,
}) => {
  const build = await startBuild(tinsmith, engine);
  build.start("guest");
  const keep = tinsmith.build.getByRole("checkbox", { name: "Keep the guest if it fails" });
  await keep.click();
  await expect(keep).toBeChecked();
  expect(build.session.keepFailed.isWanted()).toBe(true);
  build.keepGuest({ code: "timed-out", message: "the guest took longer than the 60 s it was given" });
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  await expect(failure).toContainText("The guest is kept");
  await failure.getByRole("button", { name: "Open its console" }).click();
  build.print("tc@box:~$ ");
  await expect.poll(() => tinsmith.serialText()).toContain("tc@box");
  await tinsmith.typeIntoSerial("dmesg\r");
  await expect.poll(() => build.typed()).toBe("dmesg\r");
  await tinsmith.showTab(/^Worker image/);
  await failure.getByRole("button", { name: "End the guest" }).click();
  await expect(tinsmith.build.getByRole("button", { name: "Retry all" })).toBeVisible();
});

test("whether a failed build's guest is kept can be set for all builds", async ({ tinsmith, engine }) => {
  await tinsmith.command("Settings");
  await tinsmith.dialog.getByRole("checkbox", { name: /Keep the guest/ }).check();
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  const build = await startBuild(tinsmith, engine);
  expect(build.args).toContain("--keep-failed");
});

test("a step that has only just begun has taken no time, and not less", async ({ tinsmith, engine }) => {
  const build = await startBuild(tinsmith, engine);
  // A clock that is behind the engine's.
  const skew = 60_000;
  build.session.record({ type: "step-started", step: "boot", time: Date.now() + skew });
  await expect(tinsmith.build.getByRole("listitem").filter({ hasText: "Boot" })).toContainText("0.0 s");
  expect(await tinsmith.build.getByText(/-\d/).count()).toBe(0);
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
