import { appendFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sessionPaths } from "../../../core/storage/paths.ts";
import { expect, test } from "../fixtures.ts";
import { leaveRecording } from "../leave-recording.ts";
import { ReplayPage } from "../replay-page.ts";
import { RunPage } from "../run-page.ts";

test("one axis takes screen, consoles and events to any time of an ended session", async ({
  tinsmith,
  engine,
}) => {
  await leaveRecording(engine);
  const replay = await ReplayPage.open(tinsmith);
  await expect(replay.time).toHaveText("0:00.0 of 1:05.3");
  await expect(replay.screen).toContainText("No picture yet.");
  await expect(replay.labels).toHaveText(["0:00", "0:10", "0:20", "0:30", "0:40", "0:50", "1:00"]);

  await replay.goTo(2.6);
  await expect(replay.serial).toContainText("microcore: a TinyCore work-alike");
  await expect(replay.serial).not.toContainText("tc@box");
  const black = await replay.picture.getAttribute("src");

  await replay.goTo(5.1);
  await expect(replay.serial).toContainText("tc@box");
  await expect(replay.log).toContainText("Entering directory");
  await expect(replay.log).not.toContainText("all tests passed");
  await expect(replay.picture).not.toHaveAttribute("src", black ?? "");
  await expect(replay.current).toContainText("list-folder /home/tc");
  await expect(replay.event("POST /reply")).toHaveClass(/replay-later/);

  // Back: what came later is not there yet.
  await replay.goTo(1.2);
  await expect(replay.serial).toContainText("SeaBIOS");
  await expect(replay.serial).not.toContainText("microcore");
  await expect(replay.log).not.toContainText("Entering");
  await expect(replay.picture).toHaveAttribute("src", black ?? "");
});

test("a click on an event, and the buttons for the next change, go to its time", async ({
  tinsmith,
  engine,
}) => {
  await leaveRecording(engine);
  const replay = await ReplayPage.open(tinsmith);
  await replay.event("POST /reply").click();
  await expect(replay.time).toHaveText("0:05.2 of 1:05.3");
  await replay.button("Next change").click();
  await expect(replay.event("POST /reply")).toContainText("503…");
  await replay.button("Next change").click();
  await expect(replay.event("POST /reply")).toContainText("503, 60 ms");
  await replay.button("Next change").click();
  await expect(replay.time).toHaveText("0:30.0 of 1:05.3");
  await expect(replay.log).toContainText("all tests passed");
  await replay.button("Previous change").click();
  await expect(replay.log).not.toContainText("all tests passed");
});

test("the Action log's axis has marks of console and log, which lead to their time in the replay", async ({
  tinsmith,
  engine,
}) => {
  await leaveRecording(engine);
  const { exchanges } = await RunPage.open(tinsmith, "make test");
  const lane = exchanges.getByRole("button", { name: "Serial console: show its output" });
  await expect(lane.locator(".output-marks > span")).toHaveCount(3);
  await expect(lane.getByTitle("Serial console, at 0:02.5: 36 bytes")).toBeVisible();
  const { width = 0 } = (await lane.boundingBox()) ?? {};
  await lane.click({ position: { x: width / 2, y: 2 } });
  const replay = new ReplayPage(tinsmith);
  await expect(replay.time).toHaveText("0:03.9 of 1:05.3");
  await tinsmith.tabs(/^Log$/).click();
  await exchanges
    .getByRole("button", { name: "The task's log: show its output" })
    .click({ position: { x: 1, y: 2 } });
  await expect(replay.time).toHaveText("0:04.3 of 1:05.3");
});

test("the events have room for their texts, and a small window shows all parts of the replay", async ({
  tinsmith,
  engine,
  page,
}) => {
  await leaveRecording(engine);
  await page.setViewportSize({ width: 1280, height: 800 });
  const replay = await ReplayPage.open(tinsmith);
  await replay.goTo(5.3);
  const text = (event: string) => replay.event(event).locator(".replay-text");
  const cutOff = (element: Element) => element.scrollWidth > element.clientWidth;
  for (const event of ["The guest tools have started", "GET /poll", "POST /reply"])
    expect(await text(event).evaluate(cutOff)).toBe(false);
  await page.setViewportSize({ width: 900, height: 600 });
  expect(await text("POST /reply").evaluate(cutOff)).toBe(false);
  for (const part of [replay.screen, replay.serial, replay.log, replay.events])
    await expect(part).toBeInViewport({ ratio: 0.9 });
  await expect(replay.current).toBeInViewport({ ratio: 0.9 });
});

test("playing goes to the end by itself, and quickly where nothing changes", async ({ tinsmith, engine }) => {
  await leaveRecording(engine);
  const replay = await ReplayPage.open(tinsmith);
  await tinsmith.page.getByLabel("Speed").selectOption("16×");
  await replay.button("Play").click();
  await expect(replay.button("Pause")).toBeVisible();
  // A minute in which little changes takes seconds.
  await expect(replay.time).toHaveText("1:05.3 of 1:05.3", { timeout: 15_000 });
  await expect(replay.button("Play")).toBeVisible();
  await expect(replay.log).toContainText("all tests passed");
});

test("a session that kept neither times nor pictures shows what it has", async ({ tinsmith, engine }) => {
  const files = sessionPaths(engine.paths, await leaveRecording(engine));
  rmSync(files.screens, { recursive: true });
  rmSync(files.serialTimes);
  rmSync(files.taskTimes);
  rmSync(files.taskLog);
  const replay = await ReplayPage.open(tinsmith);
  await expect(replay.serial).toContainText("tc@box");
  await expect(replay.log).toContainText("It printed nothing.");
  await replay.goTo(10);
  await expect(replay.screen).toContainText("The picture of this time is left out: the file is missing");
  await expect(replay.notes).toHaveText([/times of the serial console are missing/]);
});

test("of a damaged record, the replay shows the rest, and says what is missing", async ({
  tinsmith,
  engine,
}) => {
  const files = sessionPaths(engine.paths, await leaveRecording(engine));
  writeFileSync(join(files.screens, "bb.png"), "noise");
  writeFileSync(files.serialLog, "");
  writeFileSync(files.taskTimes, Buffer.from([0xff, 0xfe, 0x0a, 0x80]));
  const replay = await ReplayPage.open(tinsmith);
  await expect(replay.notes).toHaveText([
    /damaged: 72 bytes of the output of the serial console are missing/,
    /^The times of the guest's log are missing or can't be read/,
  ]);
  await expect(replay.serial).toContainText("Its output is missing.");
  await expect(replay.log).toContainText("all tests passed");
  await replay.goTo(2);
  await expect(replay.picture).toBeVisible();
  await replay.goTo(10);
  await expect(replay.screen).toContainText("is left out: the file is missing, empty or not a PNG.");
  await expect(replay.picture).toHaveCount(0);
});

test("wild times in a session's record don't stretch its axis, and a note says so", async ({
  tinsmith,
  engine,
}) => {
  const files = sessionPaths(engine.paths, await leaveRecording(engine));
  appendFileSync(files.serialTimes, "9007199254740991 900\nNaN 901\n1000 902\n");
  appendFileSync(files.taskTimes, "-5 900\n");
  const replay = await ReplayPage.open(tinsmith);
  await expect(replay.time).toHaveText("0:00.0 of 1:05.3");
  await expect(replay.notes).toHaveText([
    /damaged: 3 times of the serial console are not within the session/,
    /damaged: 1 time of the guest's log is not within the session/,
  ]);
  await replay.goTo(5.1);
  await expect(replay.serial).toContainText("tc@box");
});

test("while a session runs there is no replay", async ({ tinsmith, engine }) => {
  await engine.beginRun();
  await tinsmith.showTab("Sessions");
  await tinsmith.page.locator(".session").first().click();
  await expect(tinsmith.page.locator(".run")).toBeVisible();
  await expect(tinsmith.page.getByRole("button", { name: "Replay" })).toBeHidden();
});
