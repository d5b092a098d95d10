import { showBuild } from "../build-page.ts";
import { expect, test } from "../fixtures.ts";

test("what the host's commands print is folded when they went well, and unfolded while they run and when they failed", async ({
  tinsmith,
  engine,
}) => {
  const { build, command, line } = await showBuild(tinsmith, engine);
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

test("a folded command is one line, cut with an ellipsis, whether or not lines are wrapped", async ({
  tinsmith,
  engine,
}) => {
  const { build, command } = await showBuild(tinsmith, engine);
  build.start("guest-tools");
  await build.runOnHost(`${"long-".repeat(40)}name.sh`, "echo done");
  const row = command("name.sh");
  for (const pressed of ["true", "false"]) {
    const wrap = tinsmith.build.getByRole("button", { name: "Wrap long lines" });
    if ((await wrap.getAttribute("aria-pressed")) !== pressed) await wrap.click();
    await expect(wrap).toHaveAttribute("aria-pressed", pressed);
    const code = row.locator("code");
    expect(await code.evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(true);
    const line = await row.evaluate((one) => Number.parseFloat(getComputedStyle(one).lineHeight));
    expect((await row.boundingBox())?.height).toBeLessThan(1.5 * line);
    await expect(row.locator(".log-command-end")).toBeInViewport();
  }
});

test("a click on a step shows its lines, and the step whose lines are shown is marked", async ({
  tinsmith,
  engine,
}) => {
  const { build, step, line } = await showBuild(tinsmith, engine);
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
  const { build, line, log } = await showBuild(tinsmith, engine);
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

test("a command with more lines than the window keeps can be unfolded when it went well", async ({
  tinsmith,
  engine,
}) => {
  const { build, command, line } = await showBuild(tinsmith, engine);
  build.start("guest-tools");
  await build.runOnHost("long.sh", 'seq -f "number %.0f;" 1 25000');
  await expect(command("./long.sh")).toContainText("exit status 0");
  await command("./long.sh").click();
  await expect(line("number 50").first()).toBeInViewport();
});
