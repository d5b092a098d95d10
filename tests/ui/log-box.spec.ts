import { browserOptions } from "./browser.ts";
import { showBuild } from "./build-page.ts";
import { expect, test } from "./fixtures.ts";
import { buildScenes } from "./scenes/build-scenes.ts";

// Scrollbars that take space, as most desktops have them.
test.use({ launchOptions: { ...browserOptions, ignoreDefaultArgs: ["--hide-scrollbars"] } });

test("a long line that leaves the visible part of a log does not change the log's size", async ({
  tinsmith,
  engine,
}) => {
  const { build, log } = await showBuild(tinsmith, engine);
  build.start("guest");
  await tinsmith.build.getByRole("button", { name: "Wrap long lines" }).click();
  const height = () => log.evaluate((box) => box.clientHeight);
  const empty = await height();
  for (let number = 0; number < 60; number += 1) build.say("guest-log", `line ${number};`);
  build.say("guest-log", "wide ".repeat(100));
  await expect(log).toContainText("wide");
  expect(await height()).toBe(empty);
  for (let number = 0; number < 60; number += 1) build.say("guest-log", `later ${number};`);
  await expect(log).toContainText("later 59;");
  expect(await height()).toBe(empty);
});

test("the marked step is the one in sight in a log that is a little higher than its box", async ({
  tinsmith,
  engine,
}) => {
  const { build, log, step } = await showBuild(tinsmith, engine);
  build.start("boot");
  build.finish("boot");
  build.start("guest");
  const rows = await log.evaluate((box) => Math.floor(box.clientHeight / 18));
  for (let number = 0; number < rows + 3; number += 1) build.say("guest-log", `guest ${number};`);
  await expect(log).toContainText(`guest ${rows + 2};`);
  await expect(step("Guest")).toHaveAttribute("data-shown");
  const scroll = (to: number) =>
    log.evaluate((box, top) => {
      box.scrollTop = top;
    }, to);
  await scroll(0);
  await expect(step("Boot")).toHaveAttribute("data-shown");
  await scroll(26);
  await expect(step("Guest")).toHaveAttribute("data-shown");
  await scroll(10);
  await expect(step("Boot")).toHaveAttribute("data-shown");
});

test("the log has the focus when the row that had it has scrolled away", async ({
  tinsmith,
  engine,
  page,
}) => {
  const { build, command, log } = await showBuild(tinsmith, engine);
  build.start("guest-tools");
  await build.runOnHost("one.sh", "seq 1 5");
  for (let number = 0; number < 200; number += 1) build.say("guest-log", `line ${number};`);
  await expect(log).toContainText("line 199;");
  await log.focus();
  await page.keyboard.press("Home");
  await expect(command("./one.sh")).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(command("./one.sh")).toBeFocused();
  await log.evaluate((box) => {
    box.scrollTop = 1_500;
  });
  await expect(log).toBeFocused();
});

test("the buttons of a log never cover those of the panes", async ({ tinsmith, engine, page }) => {
  await buildScenes.building?.(tinsmith, engine);
  for (const width of [720, 667, 620, 560, 500, 440, 320]) {
    await page.setViewportSize({ width, height: 467 });
    const overlaps = () =>
      tinsmith.build.evaluate((box) => {
        const boxesOf = (selector: string) =>
          [...box.querySelectorAll(selector)].map((one) => one.getBoundingClientRect());
        return boxesOf(".pane-switch").flatMap((a) =>
          boxesOf(".log-bar button").filter(
            (b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom,
          ),
        ).length;
      });
    await expect(tinsmith.build.locator(".pane-switch").first()).toBeVisible();
    await expect.poll(overlaps).toBe(0);
  }
});

test("a log stays at its end when its box grows, which scrolls it", async ({ tinsmith, engine }) => {
  const { build, log } = await showBuild(tinsmith, engine);
  build.start("guest");
  for (let number = 0; number < 200; number += 1) build.say("guest-log", `line ${number};`);
  await expect(log).toContainText("line 199;");
  await log.evaluate((box) => {
    box.style.flex = "0 0 120px";
  });
  const toEnd = () => log.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
  await expect.poll(() => log.evaluate((box) => box.clientHeight)).toBe(120);
  await expect.poll(toEnd).toBe(0);
  await log.evaluate((box) => {
    box.style.flex = "";
    // A layout between two frames: in the next one the browser tells of the scrolling before it tells of the new size.
    box.getBoundingClientRect();
  });
  for (let number = 0; number < 100; number += 1) build.say("guest-log", `later ${number};`);
  await expect(log).toContainText("later 99;");
});
