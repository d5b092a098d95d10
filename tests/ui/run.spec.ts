import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makePlan } from "../../shared/contracts/plan.ts";
import { expect, test } from "./fixtures.ts";
import { RunPage } from "./run-page.ts";

test("the dialog says all that a run can be told, warns of an image from elsewhere, and remembers", async ({
  tinsmith,
  engine,
}) => {
  const own = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const stranger = join(engine.workspace, "stranger.tar.lz4");
  await engine.leaveArchive(own);
  writeFileSync(stranger, "no image of this user's");
  const { dialog, page } = tinsmith;
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await expect(dialog.getByLabel("Image")).toHaveValue(own);
  await dialog.getByLabel("Command").fill("make test\nmake install");
  await dialog.getByLabel("Environment").fill("A=1\nbro ken");
  await expect(dialog).toContainText('"bro ken" is not of the form NAME=VALUE.');
  await dialog.getByRole("button", { name: "Run" }).click();
  await expect(dialog.getByLabel("Environment")).toBeFocused();
  expect(engine.runs).toEqual([]);
  await dialog.getByLabel("Environment").fill("A=1\nB=x=y");
  await dialog.getByLabel("Time-out").fill("60");
  await dialog.getByLabel("Memory").fill("256");
  await dialog.getByLabel("Forwarded ports").fill("2222:22 2345");
  await dialog.getByLabel("Record the network").check();
  const pcap = join(engine.workspace, "network.pcap");
  writeFileSync(pcap, "");
  await expect(dialog.getByLabel("Save as")).toHaveValue(/\/microcore-worker\.pcap$/);
  await dialog.getByLabel("Save as").fill(pcap);
  await dialog.getByRole("button", { name: "Run" }).click();
  await expect(dialog.getByLabel("Forwarded ports")).toHaveAccessibleDescription(
    /^"2345" is not of the form/,
  );
  await expect(dialog.getByLabel("Save as")).toHaveAccessibleDescription(/exists/);
  await dialog.getByLabel("Forwarded ports").fill("2222:22 2345:2345");
  rmSync(pcap);
  await dialog.getByRole("button", { name: "Run" }).click();
  await expect.poll(() => engine.runs.length).toBe(1);
  expect(engine.runs[0]?.plan).toEqual(
    makePlan({
      kind: "run",
      archive: own,
      task: { command: ["sh", "-c", "make test\nmake install"], env: { A: "1", B: "x=y" } },
      keepAlive: true,
      timeout: 60,
      memory: 256,
      forward: [
        { host: 2222, guest: 22 },
        { host: 2345, guest: 2345 },
      ],
      pcap,
      trusted: [],
      warm: "if-saved",
    }),
  );

  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await expect(dialog.getByLabel("Command")).toHaveValue("make test\nmake install");
  await expect(dialog.getByLabel("Forwarded ports")).toHaveValue("2222:22 2345:2345");
  await expect(dialog.getByLabel("Record the network")).toBeChecked();
  // Each recording has a file of its own.
  await expect(dialog.getByLabel("Save as")).toHaveValue(/\/microcore-worker\.pcap$/);
  await dialog.getByLabel("Image").selectOption("Another archive…");
  await dialog.getByLabel("Path").fill(stranger);
  await expect(dialog.getByRole("alert")).toContainText("was not made here");
  await expect(dialog.getByRole("button", { name: "Run" })).toBeDisabled();
  await dialog.getByLabel("I trust this archive").check();
  await dialog.getByLabel("Boot instead of continuing from a saved state").check();
  await dialog.getByRole("button", { name: "Run" }).click();
  await expect.poll(() => engine.runs.at(-1)?.plan).toMatchObject({ archive: stranger, warm: "never" });
  await expect(page.locator(".run").last()).toBeVisible();
});

test("an archive can't run before it was examined, when that fails, or when it changes after it was accepted", async ({
  tinsmith,
  engine,
}) => {
  const large = join(engine.workspace, "large.tar.lz4");
  const imported = join(engine.workspace, "imported.tar.lz4");
  writeFileSync(large, "");
  // Reading it takes longer than this test.
  truncateSync(large, 200e9);
  writeFileSync(imported, "not made here");
  const { dialog } = tinsmith;
  const runButton = dialog.getByRole("button", { name: "Run" });
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await dialog.getByLabel("Image").selectOption("Another archive…");
  await dialog.getByLabel("Path").fill(large);
  await expect(dialog.getByRole("status")).toContainText("Reading the archive");
  await expect(runButton).toBeDisabled();
  await dialog.getByLabel("Path").fill(join(engine.workspace, "missing.tar.lz4"));
  await expect(dialog.getByLabel("Path")).toHaveAccessibleDescription(
    /^The image can't be booted: .*missing/,
  );
  await runButton.click();
  await expect(dialog.getByLabel("Path")).toBeFocused();

  await dialog.getByLabel("Path").fill(imported);
  await dialog.getByLabel("I trust this archive").check();
  writeFileSync(imported, "something else that was not made here");
  await runButton.click();
  await expect(dialog).toContainText("has changed since it was accepted");
  await expect(dialog.getByLabel("I trust this archive")).not.toBeChecked();
  await expect(runButton).toBeDisabled();
  await dialog.getByLabel("I trust this archive").check();
  await runButton.click();
  await expect.poll(() => engine.runs.at(-1)?.plan).toMatchObject({ archive: imported });
  expect(engine.runs).toHaveLength(1);
});

test("a run shows how far it is, its log in colours as it comes, and its result", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  await expect(view.run.getByRole("status").first()).toContainText("Booting");
  const guest = run.join({ files: {}, shell: async () => true });
  await expect(view.run.getByRole("status").first()).toContainText("The guest tools run the command");
  run.log("plain \x1b[31mred\x1b[0m\r\n10 %\r100 %\r\n");
  await expect(view.log).toContainText("plain red");
  await expect(view.log).toContainText("100 %");
  await expect(view.log).not.toContainText("10 %");
  const red = view.log.getByText("red", { exact: true });
  const [own, around] = [red, view.log].map((one) =>
    one.evaluate((element) => getComputedStyle(element).color),
  );
  expect(await own).not.toBe(await around);
  await guest.finish("failed", { "X-Tinsmith-Exit-Status": "137", "X-Tinsmith-Exit-Signal": "9" });
  await expect(view.run.getByRole("region", { name: "Result" })).toContainText("The task failed");
  await expect(view.run.getByRole("region", { name: "Result" })).toContainText(
    "The command ended with exit status 137 (SIGKILL).",
  );
  // The guest keeps running, and its task has ended.
  await expect(view.button("Kill task")).toBeDisabled();
  await view.button("Kill task").hover();
  await expect(tinsmith.page.getByRole("tooltip")).toContainText("The task has ended");
  await tinsmith.page.keyboard.press("Control+k");
  const kill = tinsmith.page.getByRole("option", { name: "Kill the task…" });
  await expect(kill).toContainText("The task has ended");
  await expect(kill).toBeDisabled();
  await tinsmith.page.keyboard.press("Escape");
  await view.button("Stop").click();
  await expect(view.run.getByRole("status").first()).toContainText("Ended");
  await expect(view.run.getByRole("region", { name: "Result" })).toContainText("The task failed");
  await view.button("Run again…").click();
  await expect(tinsmith.dialog.getByLabel("Command")).toHaveValue("make test");
});

test("a run without a result says the cause, what to do, and shows the evidence", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  await run.fail({
    code: "guest-tools-lost",
    message: "the guest tools fell silent: no request for 120 s",
    advice: "See the guest's last lines.",
    details: ["Last lines of the serial console:", "  Kernel panic"],
  });
  const failure = view.run.getByRole("region", { name: "Failure" });
  await expect(failure.getByRole("heading")).toHaveText("The guest tools were lost");
  for (const text of ["fell silent", "See the guest's last lines.", "Kernel panic"])
    await expect(failure).toContainText(text);
  await expect(failure.getByRole("img")).toBeVisible();
});

test("lines of 10 MB come in, wrapped or not, while the window answers; they are found, and saved whole", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  const { page } = tinsmith;
  const longest = await page.evaluateHandle(() => {
    const seen = { milliseconds: 0 };
    let last = performance.now();
    const step = () => {
      const now = performance.now();
      seen.milliseconds = Math.max(seen.milliseconds, now - last);
      last = now;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    return seen;
  });
  const line = "0123456789".repeat(1_000_000);
  run.log(`begin ${line} needle\nlast line\n`);
  await expect(view.log).toContainText("last line", { timeout: 30_000 });
  await page.getByRole("button", { name: "Wrap long lines" }).click();
  await page.getByRole("button", { name: "Search the log" }).click();
  await page.getByLabel("Search the log").last().fill("needle");
  await expect(view.log.locator("mark[data-current]")).toHaveText("needle");
  expect(await view.log.locator(".log-row").count()).toBeLessThan(120);
  const { milliseconds } = await longest.jsonValue();
  test.info().annotations.push({ type: "longest frame", description: `${Math.round(milliseconds)} ms` });
  // On a busy host frames come late; a page that hangs takes tens of seconds for such a line.
  expect(milliseconds).toBeLessThan(5_000);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save the log" }).click();
  const path = await (await saved).path();
  const { size } = await import("node:fs").then(({ statSync }) => statSync(path));
  expect(size).toBe(line.length + "begin  needle\nlast line\n".length);
});

test("a log goes on where it broke off, and is there after a reload, and after the end", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  run.log("first\n");
  await expect(view.log).toContainText("first");
  await engine.cutConnections();
  run.log("second\n");
  await expect(view.log.locator(".log-row")).toHaveText(["first", "second"]);
  await run.finish("success");
  await tinsmith.page.reload();
  await expect(view.log.locator(".log-row")).toHaveText(["first", "second"]);
  await expect(view.run.getByRole("region", { name: "Result" })).toContainText("The task succeeded");
});

test("when another image is chosen, what was typed stays, and the rest comes from what was run in that image", async ({
  tinsmith,
  engine,
}) => {
  const own = join(engine.workspace, "microcore/microcore-worker.tar.lz4");
  const setup = join(engine.workspace, "microcore/microcore-setup.tar.lz4");
  await engine.leaveArchive(own);
  await engine.leaveArchive(setup);
  const { dialog } = tinsmith;
  await expect(tinsmith.slot("microcore", "Setup image")).toContainText("50.0 MB");
  await expect(tinsmith.slot("microcore", "Worker image")).toContainText("50.0 MB");
  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await dialog.getByLabel("Memory").fill("256");
  await dialog.getByRole("button", { name: "Run" }).click();
  await expect.poll(() => engine.runs.length).toBe(1);

  await tinsmith.toolbar.getByRole("button", { name: "Run…" }).click();
  await dialog.getByLabel("Image").selectOption("microcore: setup image");
  await expect(dialog.getByLabel("Memory")).toHaveValue("");
  await dialog.getByLabel("Command").fill("make check");
  await dialog.getByLabel("Image").selectOption("microcore: worker image");
  await expect(dialog.getByLabel("Command")).toHaveValue("make check");
  await expect(dialog.getByLabel("Memory")).toHaveValue("256");
});

test("a task that a person had killed says so, and not that it failed", async ({ tinsmith, engine }) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  run.session.record({ type: "guest-tools-started" });
  run.session.record({ type: "action-requested", action: 1, request: { type: "kill-process" } });
  run.session.record({ type: "task-result", result: "failed", exit: { status: 143, signal: 15 } });
  const result = view.run.getByRole("region", { name: "Result" });
  await expect(result.getByRole("heading")).toContainText("Killed on your request");
  await expect(result).toContainText("The command ended with exit status 143 (SIGTERM).");
  await expect(view.run.getByRole("status").first()).toContainText("The task was killed");
});

test("of many notes the newest are in sight", async ({ tinsmith, engine }) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  for (let number = 1; number <= 12; number += 1)
    run.session.record({ type: "note", text: `This is note ${number}.` });
  await expect(view.run.getByText("This is note 12.")).toBeInViewport();
  await expect(view.run.getByText("This is note 1.")).not.toBeInViewport();
  // A tab that was behind another one loses its place.
  await tinsmith.showTab("Serial");
  run.session.record({ type: "note", text: "This is note 13." });
  await tinsmith.showLog();
  await expect(view.run.getByText("This is note 13.")).toBeInViewport();
});

test("the hint about a guest that was asked to shut down goes when the run has ended", async ({
  tinsmith,
  engine,
}) => {
  const run = await engine.beginRun();
  const view = await RunPage.open(tinsmith, "Run of");
  run.session.record({ type: "note", text: "Asked to shut down.", about: "shutdown" });
  run.session.record({ type: "note", text: "Without KVM." });
  const notes = view.run.getByRole("list", { name: "Notes" });
  await expect(notes).toContainText("Asked to shut down.");
  await run.finish("success");
  await expect(view.run.getByRole("status").first()).toContainText("Ended");
  await expect(notes).toHaveText("Without KVM.");
});
