import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "./fixtures.ts";
import type { ScriptedBuild, ScriptedEngine } from "./scripted-engine.ts";
import type { TinsmithPage } from "./tinsmith-page.ts";

/** How a build's view shows what happens in it, and how its parts fit into its tab. */

async function showBuild(tinsmith: TinsmithPage, engine: ScriptedEngine): Promise<ScriptedBuild> {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const build = await engine.begin("Worker image microcore", output);
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  await expect(tinsmith.build.getByRole("heading", { name: "Worker image microcore" })).toBeVisible();
  return build;
}

function partsOf({ build }: TinsmithPage) {
  return {
    steps: build.getByRole("list", { name: "Steps" }),
    log: build.getByRole("log"),
    serial: build.getByRole("region", { name: "Serial console" }),
    host: build.getByRole("region", { name: "Commands on this host" }),
    step: (name: string) => build.getByRole("listitem").getByRole("button", { name }),
    command: (name: string) => build.getByRole("log").getByRole("button", { name }),
    line: (text: string) => build.locator(".log-line", { hasText: text }),
    pane: (name: string) => build.getByRole("toolbar", { name: "Panes" }).getByRole("button", { name }),
  };
}

test("what the host's commands print is folded when they went well, and unfolded while they run and when they failed", async ({
  tinsmith,
  engine,
}) => {
  const build = await showBuild(tinsmith, engine);
  const { command, line } = partsOf(tinsmith);
  build.start("guest-tools");
  const asking = build.runOnHost("asks.sh", 'echo "first of all"; read -r answer; echo "it was $answer"');
  await expect(command("./asks.sh")).toContainText("running");
  await expect(line("first of all")).toBeVisible();
  await tinsmith.typeOnHost("yes\r");
  await asking;
  await expect(command("./asks.sh")).toContainText(/exit status 0, \d+\.\d s/);
  await expect(line("first of all")).toBeHidden();
  await command("./asks.sh").click();
  await expect(line("first of all")).toBeVisible();
  await expect(line("it was yes")).toBeVisible();
  await build.runOnHost("fails.sh", "echo no such file; exit 3").catch(() => {});
  await expect(command("./fails.sh")).toContainText(/exit status 3, \d+\.\d s/);
  await expect(line("no such file")).toBeVisible();
});

test("a click on a step shows its lines, and the step whose lines are shown is marked", async ({
  tinsmith,
  engine,
}) => {
  const build = await showBuild(tinsmith, engine);
  const { step, line } = partsOf(tinsmith);
  for (const one of ["disk", "boot", "guest"] as const) {
    build.start(one);
    for (let number = 0; number < 60; number += 1) build.say("guest-log", `${one} line ${number};`);
    if (one !== "guest") build.finish(one);
  }
  await expect(line("guest line 59;")).toBeInViewport();
  await expect(step("Guest")).toHaveAttribute("data-shown");
  await step("Boot").click();
  await expect(tinsmith.build.locator(".log-row[data-picked]").first()).toHaveText("Boot");
  await expect(line("boot line 0;")).toBeInViewport();
  await expect(line("disk line 59;")).not.toBeInViewport();
  await expect(step("Boot")).toHaveAttribute("data-shown");
  // The visible lines stay in their place.
  build.say("guest-log", "the newest");
  await build.runOnHost("late.sh", "echo late");
  await expect(line("boot line 0;")).toBeInViewport();
  await tinsmith.build.getByRole("button", { name: "Follow the log" }).click();
  await expect(line("the newest")).toBeInViewport();
  await expect(step("Guest")).toHaveAttribute("data-shown");
});

test("what is read of a running command stays unfolded and in its place when that ends", async ({
  tinsmith,
  engine,
  page,
}) => {
  const build = await showBuild(tinsmith, engine);
  const { line, log } = partsOf(tinsmith);
  build.start("guest-tools");
  const ran = build.runOnHost("long.sh", 'seq -f "number %.0f;" 1 200; read -r answer');
  await expect(line("number 200;")).toBeInViewport();
  await log.hover();
  await page.mouse.wheel(0, -600);
  await expect(line("number 200;")).not.toBeInViewport();
  await expect(tinsmith.build.getByRole("button", { name: "Follow the log" })).not.toHaveAttribute(
    "aria-pressed",
    "true",
  );
  const shown = await log.evaluate((element) => element.scrollTop);
  await tinsmith.typeOnHost("\r");
  await ran;
  const height = () => log.evaluate((element) => element.scrollHeight);
  const before = await height();
  build.say("guest-log", "the newest");
  await expect.poll(height).toBeGreaterThan(before);
  expect(await log.evaluate((element) => element.scrollTop)).toBe(shown);
  expect(shown).toBeGreaterThan(0);
  await expect(line("number 160;")).toBeInViewport();
});

test("the log and the console of what works now are in sight together: the host's commands, then the guest's console", async ({
  tinsmith,
  engine,
}) => {
  const build = await showBuild(tinsmith, engine);
  const { log, serial, host, pane } = partsOf(tinsmith);
  build.start("guest-tools");
  await build.runOnHost("build.sh", 'printf "\\033[32mgo build\\033[0m\\n"');
  await expect(host.locator(".xterm-fg-2")).toHaveText("go build");
  await expect(log).toBeInViewport();
  build.start("boot");
  build.print("tc@box:~$ ");
  await expect(serial).toContainText("tc@box");
  await expect(host).toBeHidden();
  await expect(log).toBeInViewport();
  await pane("Host commands").click();
  await expect(host).toBeVisible();
  await expect(serial).toBeHidden();
});

test("a serial console that is beside its build as a tab of its own is not shown twice", async ({
  tinsmith,
  engine,
}) => {
  const build = await showBuild(tinsmith, engine);
  build.start("boot");
  const { serial, pane } = partsOf(tinsmith);
  await expect(serial).toBeVisible();
  await tinsmith.chooseOnTab(/^Serial/, "Split down");
  await expect(tinsmith.serial).toHaveCount(1);
  await expect(serial).toBeHidden();
  await expect(pane("Serial console")).toBeHidden();
});

test("steps, log and console fit: beside each other in a wide window, one pane at a time in a small one", async ({
  tinsmith,
  engine,
  page,
}) => {
  const build = await showBuild(tinsmith, engine);
  const { steps, log, serial, pane, step } = partsOf(tinsmith);
  build.start("disk");
  build.say("guest-log", "setup: started");
  build.start("boot");
  const box = async (one: typeof log) => (await one.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const isBeside = async () => (await box(serial)).x >= (await box(log)).x + (await box(log)).width;

  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect.poll(isBeside).toBe(true);
  for (const part of [steps, log, serial]) await expect(part).toBeInViewport({ ratio: 1 });

  await page.setViewportSize({ width: 1000, height: 700 });
  await expect.poll(isBeside).toBe(false);
  for (const part of [steps, log, serial]) await expect(part).toBeInViewport({ ratio: 1 });

  // 1280 x 800 at 150 %.
  await page.setViewportSize({ width: 853, height: 533 });
  await expect(serial).toBeHidden();
  await expect(log).toBeInViewport({ ratio: 1 });
  expect((await box(log)).height).toBeGreaterThan(120);
  await pane("Serial console").click();
  await expect(log).toBeHidden();
  await expect(serial).toBeInViewport({ ratio: 1 });

  // 1000 x 700 at 150 %.
  await page.setViewportSize({ width: 667, height: 467 });
  await expect(steps).toBeHidden();
  await tinsmith.build.getByRole("button", { name: /step 2 of 2/ }).click();
  await step("Disk").click();
  await expect(steps).toBeHidden();
  await expect(log).toBeInViewport({ ratio: 1 });
});

test("a failed build says the step and the cause first, and its step's last lines are in sight in a small window", async ({
  tinsmith,
  engine,
  page,
}) => {
  await page.setViewportSize({ width: 1000, height: 700 });
  const build = await showBuild(tinsmith, engine);
  build.start("disk");
  build.finish("disk");
  build.start("guest");
  for (let number = 0; number < 100; number += 1) build.say("guest-log", `line ${number};`);
  const details = Array.from({ length: 40 }, (_, number) => `evidence ${number}`);
  await build.fail({ code: "build-failed", message: "the disk is full", advice: "Try again.", details });
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  await expect(failure).toBeInViewport({ ratio: 1 });
  await expect(failure.getByText("The disk is full")).toBeVisible();
  await expect(failure.getByText("evidence 39")).toBeHidden();
  const { line, step } = partsOf(tinsmith);
  await expect(line("line 99;")).toBeInViewport({ ratio: 0.9 });
  await expect(step("Guest").getByRole("img", { name: "failed" })).toBeInViewport({ ratio: 1 });
  await failure.getByText("Evidence", { exact: true }).click();
  await expect(failure.getByText("evidence 39")).toBeVisible();
});

test("a finished build offers what comes next: a setup image's worker, a worker's run, and its archive", async ({
  tinsmith,
  engine,
}) => {
  const output = join(engine.workspace, "microcore/microcore-setup.tar.lz4");
  const setup = await engine.begin("Setup image microcore", output);
  await tinsmith.slot("microcore", "Setup image").getByRole("button", { name: "Show" }).click();
  await engine.leaveArchive(output);
  await setup.succeed();
  const result = tinsmith.build.getByRole("region", { name: "Result" });
  await expect(result.getByRole("button", { name: "Show archive" })).toBeVisible();
  await expect(result.getByRole("button", { name: "Run…" })).toBeVisible();
  await result.getByRole("button", { name: "Rebuild worker" }).click();
  await expect.poll(() => engine.started.at(-1)?.plan).toMatchObject({ kind: "rebuild", image: "worker" });
  await engine.started.at(-1)?.succeed();
  await result.getByRole("button", { name: "Run…" }).click();
  await expect(tinsmith.dialog.getByRole("textbox").first()).toBeVisible();
});

test("a command with more lines than the window keeps can be unfolded when it went well", async ({
  tinsmith,
  engine,
}) => {
  const build = await showBuild(tinsmith, engine);
  const { command, line } = partsOf(tinsmith);
  build.start("guest-tools");
  await build.runOnHost("long.sh", 'seq -f "number %.0f;" 1 25000');
  await expect(command("./long.sh")).toContainText("exit status 0");
  await command("./long.sh").click();
  await expect(line("number 50").first()).toBeInViewport();
});

test("the serial console beside the log shows the end, whatever changed while another tab was in front", async ({
  tinsmith,
  engine,
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  const build = await showBuild(tinsmith, engine);
  const { serial } = partsOf(tinsmith);
  build.start("boot");
  const wide = "wide ".repeat(14);
  build.print(Array.from({ length: 100 }, (_, number) => `${wide}${number};\r\n`).join(""));
  await expect(serial).toContainText("99;");
  await tinsmith.showTab(/^Serial/);
  await page.setViewportSize({ width: 1000, height: 560 });
  await tinsmith.showTab(/^Log/);
  await expect(serial).toContainText("99;");
  build.print("more\r\n".repeat(10));
  build.print("the newest\r\n");
  await expect(serial).toContainText("the newest");
});

test("a failed build that was deleted offers neither an export nor a retry of its step", async ({
  tinsmith,
  engine,
}) => {
  const build = await showBuild(tinsmith, engine);
  build.start("guest");
  build.say("guest-log", "setup: no such file");
  await build.fail({ code: "build-failed", message: "it failed" }, ["disk"]);
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  await expect(failure.getByText("setup: no such file")).toBeVisible();
  await expect(failure.getByRole("button", { name: "Retry guest" })).toBeVisible();
  await expect(failure.getByRole("button", { name: /^Export/ })).toBeVisible();
  rmSync(build.session.paths.folder, { recursive: true });
  await expect(tinsmith.build.getByText("This session was deleted")).toBeVisible();
  await expect(failure.getByRole("button", { name: "Retry all" })).toBeVisible();
  await expect(failure.getByRole("button", { name: "Retry guest" })).toBeHidden();
  await expect(failure.getByRole("button", { name: /^Export/ })).toBeHidden();
});

test("whether a failed guest is kept can't be changed while a build is cancelled", async ({
  tinsmith,
  engine,
}) => {
  await showBuild(tinsmith, engine);
  engine.holdStops();
  const keep = tinsmith.build.getByRole("checkbox", { name: "Keep the guest if it fails" });
  await expect(keep).toBeEnabled();
  await tinsmith.build.getByRole("button", { name: "Cancel build" }).click();
  await expect(tinsmith.build.getByRole("button", { name: "Cancelling…" })).toBeVisible();
  await expect(keep).toBeDisabled();
});

test("a long name and a long message leave the head whole, and the steps and the log in sight", async ({
  tinsmith,
  engine,
  page,
}) => {
  // 1280 x 800 at 150 %.
  await page.setViewportSize({ width: 853, height: 533 });
  const build = await showBuild(tinsmith, engine);
  const { steps, log } = partsOf(tinsmith);
  build.start("disk");
  await build.fail({ code: "build-failed", message: "so it went ".repeat(82) });
  const failure = tinsmith.build.getByRole("region", { name: "Failure" });
  await expect(failure.getByRole("button", { name: /^Export/ })).toBeInViewport({ ratio: 1 });
  for (const part of [steps, log]) await expect(part).toBeInViewport();
  const heading = tinsmith.build.getByRole("heading", { name: "Worker image microcore" });
  await heading.evaluate((element) => element.append("x".repeat(120)));
  expect(await heading.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
  expect(await tinsmith.build.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
});

test("a build says what is left only as long as that is known", async ({ tinsmith, engine }) => {
  const output = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  await engine.leaveArchive(output, { steps: { disk: 1_000, guest: 600_000 } });
  const build = await engine.begin("Worker image microcore", output);
  await build.backdate({}, 60_000, async () => {});
  await tinsmith.slot("microcore", "Worker image").getByRole("button", { name: "Show" }).click();
  const head = tinsmith.build.locator(".build-times");
  build.start("guest");
  await expect(head).toContainText(/, about .* left$/);
  build.start("disk");
  await expect(head).toContainText(/, longer than usual$/);
  const { session } = build;
  const { id, paths } = session;
  session.record({
    ...{ type: "build-started", title: "By hand", session: id, folder: paths.folder, output },
    isByHand: true,
  });
  await expect(head).toHaveText(/^\d+\.\d s$/);
  build.start("boot");
  await expect(head).toHaveText(/, waiting for you$/);
  build.finish("boot");
  build.start("pack");
  await expect(head).toHaveText(/^\d+\.\d s$/);
});
