import { renameSync, rmSync } from "node:fs";
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
  await expect(tinsmith.hostTerminal.locator(".xterm-fg-2")).toHaveText("go build");
  build.finish("guest-tools");
  build.start("guest");
  build.say("guest-log", "setup: started");
  const steps = tinsmith.build.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await expect(steps.nth(0)).toContainText(/Guest tools\s*\d\.\d s/);
  await expect(steps.nth(1)).toHaveAttribute("aria-current", "step");
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
  build.start("disk");
  build.finish("disk");
  build.start("guest");
  await build.fail({
    code: "build-failed",
    message: 'the guest logged "setup: failed: save /opt and /home", then powered off',
    advice: "See the guest's last lines.",
    details: ['It is not done: its log has no line with "setup: done".'],
  });
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  await expect(failure.getByRole("heading")).toHaveText("Failed in step Guest");
  for (const text of ["setup: failed: save", "See the guest's last lines", "has no line with"])
    await expect(failure).toContainText(text);
  const steps = tinsmith.build.getByRole("list", { name: "Steps" }).getByRole("listitem");
  await expect(steps.nth(0).getByRole("img", { name: "done" })).toBeVisible();
  await expect(steps.nth(1).getByRole("img", { name: "failed" })).toBeVisible();
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
  expect(retry?.plan).toMatchObject({ retry: build.session.id });
  retry?.session.record({ type: "step-reused", step: "data-cd" });
  await expect(tinsmith.build.getByRole("listitem").filter({ hasText: "Data CD" })).toContainText("reused");
});

test("a failed build stays shown while its image set is not known, and can be tried again once it is", async ({
  tinsmith,
  engine,
}) => {
  const build = await startBuild(tinsmith, engine);
  build.start("guest");
  await build.fail({ code: "build-failed", message: "it failed" });
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  const retryAll = failure.getByRole("button", { name: "Retry all" });
  await expect(retryAll).toBeVisible();
  const folder = join(engine.workspace, "microcore");
  const elsewhere = `${engine.workspace}-elsewhere`;
  renameSync(folder, elsewhere);
  await expect(retryAll).toBeHidden({ timeout: 15_000 });
  await expect(failure).toContainText("It failed");
  renameSync(elsewhere, folder);
  await expect(retryAll).toBeVisible({ timeout: 15_000 });
});

test("a retry of the failed step is offered only as long as its work is kept", async ({
  tinsmith,
  engine,
}) => {
  const build = await startBuild(tinsmith, engine);
  build.start("guest");
  await build.fail({ code: "build-failed", message: "it failed" }, ["guest-tools", "data-cd"]);
  const retry = tinsmith.build.getByRole("button", { name: "Retry guest" });
  await expect(retry).toBeVisible();
  rmSync(build.session.paths.keptWork, { recursive: true });
  await expect(retry).toBeHidden();
  await expect(tinsmith.build.getByRole("button", { name: "Retry all" })).toBeVisible();
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
  build.keepGuest({ code: "timed-out", message: "the guest took longer than its time-out of 60 s" });
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  await expect(failure).toContainText("The guest is kept");
  const slot = tinsmith.slot("microcore", "Worker image");
  await expect(slot).toContainText("Failed, its guest is kept");
  await expect(tinsmith.toolbar.getByRole("button", { name: "Rebuild worker" })).toBeDisabled();
  await failure.getByRole("button", { name: "Open its console" }).click();
  build.print("tc@box:~$ ");
  await expect.poll(() => tinsmith.serialText()).toContain("tc@box");
  await tinsmith.typeIntoSerial("dmesg\r");
  await expect.poll(() => build.typed()).toBe("dmesg\r");
  await tinsmith.showLog();
  await failure.getByRole("button", { name: "Stop the kept guest" }).click();
  await expect(tinsmith.build.getByRole("button", { name: "Retry all" })).toBeEnabled();
  await expect(failure).toContainText("guest took longer");
  await expect(slot).toContainText("Not built yet");
});

test("an image that is being built, or can't be, is not built again: its buttons and commands say why", async ({
  tinsmith,
  engine,
}) => {
  const { page, toolbar } = tinsmith;
  const rebuild = toolbar.getByRole("button", { name: "Rebuild worker" });
  await expect(rebuild).toBeEnabled();
  const build = await startBuild(tinsmith, engine);
  await expect(rebuild).toBeDisabled();
  // A tooltip comes when the pointer does.
  await page.mouse.move(0, 0);
  await rebuild.hover();
  await expect(page.getByRole("tooltip")).toContainText("The image is already being built");
  await page.keyboard.press("Control+Shift+B");
  await expect(tinsmith.errors).toContainText("The image is already being built");
  await page.keyboard.press("Control+k");
  const command = page.getByRole("option", { name: "Rebuild the worker image" });
  await expect(command).toContainText("The image is already being built");
  await page.keyboard.press("Escape");
  expect(engine.started).toHaveLength(1);
  await build.fail({ code: "build-failed", message: "it failed" });
  await expect(rebuild).toBeEnabled();
  // Nobody has installed TinyCore's setup image, and its recipe names no ISO.
  const worker = tinsmith.slot("tinycore", "Worker image").getByRole("button", { name: "Build" });
  await expect(worker).toBeDisabled();
  // Another tooltip may still be there, of the button that has the focus again.
  await worker.focus();
  await expect(page.getByRole("tooltip")).toContainText("Install the setup image first");
  await expect(
    tinsmith.slot("tinycore", "Setup image").getByRole("button", { name: "Install…" }),
  ).toBeEnabled();
});

test("whether a failed build's guest is kept can be set for all builds", async ({ tinsmith, engine }) => {
  await tinsmith.command("Settings");
  await tinsmith.dialog.getByRole("checkbox", { name: /Keep the guest/ }).check();
  await tinsmith.dialog.getByRole("button", { name: "Save" }).click();
  await expect(tinsmith.dialog).toBeHidden();
  const build = await startBuild(tinsmith, engine);
  expect(build.plan).toMatchObject({ keepFailed: true });
});

test("a step that has only just begun has taken no time, and not less", async ({ tinsmith, engine }) => {
  const build = await startBuild(tinsmith, engine);
  // A clock that is behind the engine's.
  const skew = 60_000;
  build.session.record({ type: "step-started", step: "boot", time: Date.now() + skew });
  await expect(tinsmith.build.getByRole("listitem").filter({ hasText: "Boot" })).toContainText("0.0 s");
  // A session's id has a hyphen between digits.
  expect(await tinsmith.build.getByText(/(?<!\d)-\d/).count()).toBe(0);
});

test("cancel ends the build's process in order, and is shown as no failure", async ({ tinsmith, engine }) => {
  const build = await startBuild(tinsmith, engine);
  build.start("boot");
  await tinsmith.build.getByRole("button", { name: "Cancel" }).click();
  await expect(tinsmith.build.getByRole("region", { name: "Cancelled" })).toBeVisible();
  await expect(tinsmith.build.getByRole("img", { name: "cancelled" })).toBeVisible();
  await tinsmith.showTab("Sessions");
  await expect(tinsmith.page.locator(".session", { hasText: "Worker image" })).toContainText("Cancelled");
  await expect(tinsmith.page.locator(".card-bad, .state-bad")).toHaveCount(0);
});

test("why guests are emulated here is said by the status bar, not by each build", async ({
  tinsmith,
  engine,
}) => {
  const build = await startBuild(tinsmith, engine);
  const text = "The guest is emulated by QEMU (TCG), which is slower, because it is.";
  build.session.record({ type: "note", text, about: "accelerator" });
  build.say("note", "Something else.");
  await expect(tinsmith.build.locator(".log-line code")).toHaveText(["Something else."]);
  const accelerator = tinsmith.page.getByRole("contentinfo").getByRole("button", { name: /^(TCG|KVM)/ });
  await expect(accelerator).toHaveAttribute("title", /emulated by QEMU \(TCG\)|KVM works/);
});

test("a build that can't begin is said, and nothing else changes", async ({ tinsmith, engine }) => {
  engine.refuseNext({
    code: "busy",
    message: "microcore is already being built",
    advice: "Wait for that build.",
  });
  await tinsmith.rebuild("worker");
  await expect(tinsmith.errors).toContainText("is already being built");
  await expect(tinsmith.errors).toContainText("Wait for that build.");
});

test("a build that another process began is there, in the library and among the sessions", async ({
  tinsmith,
  engine,
}) => {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const build = await engine.begin("Worker image microcore", output);
  build.start("boot");
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("Building");
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  await expect(tinsmith.build.getByRole("listitem").filter({ hasText: "Boot" })).toBeVisible();
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
  await second.goto(engine.newLink());
  say(10, 15);
  await expect(second.locator(".log-line")).toHaveCount(15);
  await expect(lines).toHaveCount(15);
  const shown = await lines.locator("code").allTextContents();
  expect(shown).toEqual(Array.from({ length: 15 }, (_, number) => `line ${number}`));
});

test("a build that takes long to cancel can be forced to end, and a second click asks nothing", async ({
  tinsmith,
  engine,
}) => {
  const build = await startBuild(tinsmith, engine);
  build.start("boot");
  engine.holdStops();
  await tinsmith.page.clock.install();
  await tinsmith.build.getByRole("button", { name: "Cancel" }).dblclick();
  await expect(tinsmith.build.getByRole("button", { name: "Cancelling…" })).toBeDisabled();
  await tinsmith.page.clock.runFor(10_000);
  await tinsmith.build.getByRole("button", { name: "Force" }).dblclick();
  await expect.poll(() => engine.stopsAsked).toEqual([false, true]);
  await expect(tinsmith.build.getByRole("region", { name: "Cancelled" })).toBeVisible();
});

test("a command that waits for input says so, and can be typed into only then", async ({
  tinsmith,
  engine,
}) => {
  const build = await startBuild(tinsmith, engine);
  build.start("guest-tools");
  const command = build.runOnHost("build.sh", 'printf "Your name: "; read -r name; echo "hello, $name"');
  await expect(tinsmith.hostTerminal.getByRole("status")).toContainText("This command waits for input");
  await expect(tinsmith.build.locator(".build-times")).toContainText("waiting for you");
  await tinsmith.typeOnHost("Ada\r");
  await command;
  await expect(tinsmith.hostTerminal.locator(".xterm-rows")).toContainText("hello, Ada");
  await expect(tinsmith.hostTerminal.getByRole("status")).toBeHidden();
  await build.succeed();
});
