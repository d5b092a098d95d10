import { showBuild } from "./build-page.ts";
import { expect, test } from "./fixtures.ts";

test("the log and the console of what works now are in sight together: the host's commands, then the guest's console", async ({
  tinsmith,
  engine,
}) => {
  const { build, log, serial, host, pane } = await showBuild(tinsmith, engine);
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
  const { build, serial, pane } = await showBuild(tinsmith, engine);
  build.start("boot");
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
  const { build, steps, log, serial, pane, step } = await showBuild(tinsmith, engine);
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

test("the serial console beside the log shows the end, whatever changed while another tab was in front", async ({
  tinsmith,
  engine,
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 1000 });
  const { build, serial } = await showBuild(tinsmith, engine);
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

test("a long name and a long message leave the head whole, and the steps and the log in sight", async ({
  tinsmith,
  engine,
  page,
}) => {
  // 1280 x 800 at 150 %.
  await page.setViewportSize({ width: 853, height: 533 });
  const { build, steps, log } = await showBuild(tinsmith, engine);
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
